// What an actor writes to its history before it stamps the shadow.
#pragma once

#include "actor/actor.h"
#include "actor/epoch.h"
#include "base/types.h"
#include "trace/stack_table.h"

namespace csan {

// Opens a section for `cur` and the locks held now, unless the open one will do. False if the chunk
// is full. Integer code.
CSAN_ALWAYS_INLINE bool OpenSection(Actor* a, Word cur) {
  u64* at = a->log_cursor;
  if (CSAN_LIKELY(a->logged_epoch == cur)) return at + 2 <= a->log_limit;
  const u32 held = a->held_count < kLocksKept ? a->held_count : kLocksKept;
  if (at + held + 3 > a->log_limit) return false;
  u64* const marker = at++;
  for (u32 i = a->held_count - held; i < a->held_count; i++) {
    if (a->held[i].taken != 0) *at++ = LogEntry(a->held[i].addr, a->held[i].taken);
  }
  *marker = SectionMarker(cur, static_cast<u32>(at - marker - 1));
  __atomic_store_n(&a->log_cursor, at, __ATOMIC_RELEASE);
  a->log_section = marker;
  a->logged_epoch = cur;
  return true;
}

// Room in the log for at least two entries, in a section that is in force.
inline void PrepareLog(Actor* a, Word cur) {
  if (OpenSection(a, cur)) return;
  if (a->info->history.Full()) RefreshDeadClock();
  const u32 held = a->held_count < kLocksKept ? a->held_count : kLocksKept;
  a->log_chunk = a->info->history.Refill(&a->log_cursor, &a->log_limit, held + 3);
  a->logged_epoch = kNotLogged;
  OpenSection(a, cur);
}

inline void LogAccess(Actor* a, Word cur, uptr addr, uptr size, StackId site) {
  PrepareLog(a, cur);
  u64* at = a->log_cursor;
  *at++ = LogEntry(addr, site);
  const u32 size_code = static_cast<u32>(NodeAt(site).pc_note >> 56) & 0xF;
  if (size_code == kSizeOther) *at++ = LogMarker(Marker::kLength, size);
  __atomic_store_n(&a->log_cursor, at, __ATOMIC_RELEASE);
}

}  // namespace csan
