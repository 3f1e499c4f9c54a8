// Sets of held locks, interned: a set is a path of locks in the order in which they were taken, named by
// its last one, so a set costs 24 bytes and what it adds to a known one is found with one probe.
//
// Two orders of taking the same locks are two sets; that costs a node, no answer depends on it. Sets never
// change, so only who makes one holds the detector's lock.
#pragma once

#include "base/types.h"
#include "sync/events.h"

namespace csan::lock_order {

using LockId = u32;     // 0: none
using HeldSetId = u32;  // 0: the empty set

// Both in one: lock * 2 + 1 if for reading.
constexpr u32 LockAndMode(LockId lock, LockMode mode) {
  return lock << 1 | (mode == LockMode::kRead ? 1 : 0);
}
constexpr LockId LockOf(u32 lock_mode) { return lock_mode >> 1; }
constexpr LockMode ModeOf(u32 lock_mode) {
  return (lock_mode & 1) != 0 ? LockMode::kRead : LockMode::kWrite;
}

constexpr u32 kSetIdBits = 24;

struct HeldSet {
  HeldSetId parent;
  u32 lock_mode;
  u32 size;
  u64 filter;  // a bit for each lock: of sets without a common bit none is looked into

  LockId lock() const { return LockOf(lock_mode); }
  LockMode mode() const { return ModeOf(lock_mode); }
};

// `set` and one more; 0 if it is not there.
HeldSetId FindWithLock(HeldSetId set, LockId lock, LockMode mode);
// The same, made if it is not there; 0 if there is no room for it.
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
