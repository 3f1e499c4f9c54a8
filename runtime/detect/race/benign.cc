#include "detect/race/benign.h"

#include "base/spin_lock.h"

namespace csan {

constinit bool benign_declared = false;

namespace {

struct Range {
  uptr lo, hi;
};
// What does not fit is not harmless: its races are reported.
constexpr u32 kMax = 4096;
constinit Range ranges[kMax] = {};
constinit u32 count = 0;
constinit SpinLock lock;

bool Overlap(const Range& r, uptr lo, uptr hi) { return r.lo < hi && lo < r.hi; }

}  // namespace

void AddBenign(uptr addr, uptr size) {
  SpinGuard guard(lock);
  for (u32 i = 0; i < count; i++) {
    if (ranges[i].lo == addr && ranges[i].hi == addr + size) return;
  }
  if (count == kMax) return;
  ranges[count++] = {addr, addr + size};
  __atomic_store_n(&benign_declared, true, __ATOMIC_RELAXED);
}

void ForgetBenign(uptr addr, uptr size) {
  SpinGuard guard(lock);
  for (u32 i = count; i-- > 0;) {
    if (Overlap(ranges[i], addr, addr + size)) ranges[i] = ranges[--count];
  }
}

bool IsBenign(uptr addr, uptr size) {
  SpinGuard guard(lock);
  for (u32 i = 0; i < count; i++) {
    if (Overlap(ranges[i], addr, addr + size)) return true;
  }
  return false;
}

}  // namespace csan
