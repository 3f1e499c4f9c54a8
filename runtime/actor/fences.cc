#include "actor/fences.h"

#include "actor/actor.h"
#include "base/spin_lock.h"
#include "memory/pool.h"

namespace csan {
namespace {

constinit Pool<Fences, 16> pool;
constinit SpinLock pool_lock;

}  // namespace

Fences* FencesOf(Actor* a) {
  if (a->fences != nullptr) return a->fences;
  Fences* fences;
  {
    SpinGuard guard(pool_lock);
    fences = pool.Take("what fences keep");
  }
  *fences = {};
  a->fences = fences;
  return fences;
}

void FreeFences(Actor* a) {
  Fences* const fences = a->fences;
  if (fences == nullptr) return;
  FreeIslands(&fences->release.islands);
  FreeIslands(&fences->acquire.islands);
  a->fences = nullptr;
  SpinGuard guard(pool_lock);
  pool.Give(fences);
}

}  // namespace csan
