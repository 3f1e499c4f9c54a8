#include "actor/desk.h"

#include "base/spin_lock.h"
#include "memory/pool.h"

namespace csan {
namespace {

constinit Pool<Desk, 1> desks;
constinit SpinLock desks_lock;

}  // namespace

Desk* TakeDesk() {
  SpinGuard guard(desks_lock);
  return desks.Take("what a thread has at hand");
}

void GiveDesk(Desk* desk) {
  SpinGuard guard(desks_lock);
  desks.Give(desk);
}

}  // namespace csan
