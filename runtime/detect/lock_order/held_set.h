// Sets of held locks, interned: a set is a path of locks in the order in which they were taken, named by
// its last one, so a set costs 24 bytes and what it adds to a known one is found with one probe.
//
// Two orders of taking the same locks are two sets; that costs a node, no answer depends on it. Who calls
// holds the detector's lock.
#pragma once

#include "base/types.h"
#include "sync/events.h"

namespace csan::lock_order {

using LockId = u32;     // 0: none
using HeldSetId = u32;  // 0: the empty set

struct HeldSet {
  HeldSetId parent;
  u32 lock_mode;  // lock * 2 + 1 if held for reading
  u32 next;       // in the bucket
  u32 size;
  u64 filter;  // a bit for each lock: of sets without a common bit none is looked into

  LockId lock() const { return lock_mode >> 1; }
  LockMode mode() const { return (lock_mode & 1) != 0 ? LockMode::kRead : LockMode::kWrite; }
};

// `set` and one more; 0 if there is no room for it.
HeldSetId WithLock(HeldSetId set, LockId lock, LockMode mode);
const HeldSet& SetAt(HeldSetId set);

// Readers do not shut each other out.
constexpr bool Excludes(LockMode a, LockMode b) {
  return a == LockMode::kWrite || b == LockMode::kWrite;
}
// Whether one who holds `set` keeps others from having `lock` in `mode`.
bool KeepsOut(HeldSetId set, LockId lock, LockMode mode);
// Whether some lock keeps the holders of the two from being where they are at once: a gate.
bool ShutEachOtherOut(HeldSetId a, HeldSetId b);

u64 HeldSetsRefused();

}  // namespace csan::lock_order
