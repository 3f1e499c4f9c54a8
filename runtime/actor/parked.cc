#include "actor/parked.h"

namespace csan {
namespace {

constinit bool trusted = false;
constinit bool distrusted = false;

static_assert(__builtin_offsetof(Parked, queue) == 0);

}  // namespace

void TrustParking() {
  if (!__atomic_load_n(&trusted, __ATOMIC_RELAXED))
    __atomic_store_n(&trusted, true, __ATOMIC_RELAXED);
}
void DistrustParking() { __atomic_store_n(&distrusted, true, __ATOMIC_RELAXED); }
bool ParkingIsKnown() {
  return __atomic_load_n(&trusted, __ATOMIC_RELAXED) &&
         !__atomic_load_n(&distrusted, __ATOMIC_RELAXED);
}

void Park(Parked* parked, uptr queue, uptr frame) {
  Wait& wait = Self()->wait;
  parked->queue = {queue, 0};
  __atomic_store_n(&parked->number, parked->number + 1, __ATOMIC_RELEASE);
  wait.record = {0, frame};
  wait.cases = &parked->queue;
  wait.case_count = 1;
  __atomic_store_n(&wait.parked, true, __ATOMIC_RELEASE);
}

bool Unpark() {
  Wait& wait = Self()->wait;
  if (!wait.parked) return true;
  const bool seen = MayBeWoken(reinterpret_cast<const Parked*>(wait.cases));
  __atomic_store_n(&wait.parked, false, __ATOMIC_RELEASE);
  wait.cases = nullptr;
  wait.case_count = 0;
  wait.record = {};
  return seen;
}

}  // namespace csan
