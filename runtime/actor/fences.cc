#include "actor/fences.h"

#include "actor/actor.h"
#include "memory/pool.h"

namespace csan {
namespace {

constinit SharedPool<Fences, 16> pool;

}  // namespace

Fences* FencesOf(Actor* a) {
  if (a->fences != nullptr) return a->fences;
  Fences* const fences = pool.Take("what fences keep");
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
  pool.Give(fences);
}

}  // namespace csan
