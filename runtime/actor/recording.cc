#include "actor/recording.h"

namespace csan {

StackId CurrentLockSet(Actor* a) {
  if (a->lock_set_stale) {
    a->lock_set_stale = false;
    StackId set = 0;
    for (u32 i = 0; i < a->held_count; i++) {
      const HeldLock& held = a->held[i];
      set = SiteFor(a, set, PackSite(held.addr, held.mode == LockMode::kWrite ? kNoteWrite : 0, 0));
      set = SiteFor(a, set, PackSite(held.taken, kNoteNone, 0));
    }
    a->lock_set = set;
  }
  return a->lock_set;
}

void PrepareLog(Actor* a, Word cur) {
  if (a->log_cursor + 4 >= a->log_limit) {
    a->info->history.Refill(&a->log_cursor, &a->log_limit);
    a->logged_epoch = 0;
  }
  if (a->logged_epoch != cur) {
    a->logged_epoch = cur;
    u64* at = a->log_cursor;
    at[0] = LogMarker(Marker::kEpoch, cur >> kMaskBits);
    at[1] = LogMarker(Marker::kLockSet, CurrentLockSet(a));
    __atomic_store_n(&a->log_cursor, at + 2, __ATOMIC_RELEASE);
  }
}

void LogAccess(Actor* a, Word cur, uptr addr, uptr size, StackId site) {
  PrepareLog(a, cur);
  u64* at = a->log_cursor;
  *at++ = LogEntry(addr, site);
  const u32 size_log = static_cast<u32>(NodeAt(site).pc_note >> 56) & 0xF;
  if (size_log == kSizeLogRange) *at++ = LogMarker(Marker::kLength, size);
  __atomic_store_n(&a->log_cursor, at, __ATOMIC_RELEASE);
}

}  // namespace csan
