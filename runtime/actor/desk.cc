#include "actor/desk.h"

#include "memory/pool.h"

namespace csan {
namespace {

constinit SharedPool<Desk, 1> desks;

}  // namespace

Desk* TakeDesk() { return desks.Take("what a thread has at hand"); }
void GiveDesk(Desk* desk) { desks.Give(desk); }

}  // namespace csan
