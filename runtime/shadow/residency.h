// Shadow pages of the heap that are asked for 16 at a time.
//
// An inlined check reads a shadow word before the first write to it, so a fresh page faults twice:
// for the page of zeros, and when that is replaced, which also interrupts the other cores. So the
// first write to a plane of 64 KB of heap has that plane made at once. Costs at most those 64 KB where
// less is used; other memory (stacks, mappings) is left to be touched page by page.
//
// Thread-safe: a bit of the map that is late costs a system call or two faults, no more. None is lost while
// words are there: the sweep of old ones (detect/race/window_sweep.h) goes by the map, and so does who frees
// a large block.
#pragma once

#include "base/types.h"
#include "shadow/shadow.h"

namespace csan {

constexpr u32 kResidentBits = 16;
constexpr u32 kAddressBits = 47;
// How far an access may reach beyond the 64 KB that it has marked, those where it begins.
constexpr uptr kReachBeyond = 64;

// For each 64 KB of address space: 1 the write plane, 2 the read plane, 4 there have been cells.
extern u8* resident;

void InitResidency();
CSAN_ALWAYS_INLINE bool IsResident(uptr addr, bool write) {
  return (__atomic_load_n(&resident[addr >> kResidentBits], __ATOMIC_RELAXED) & (write ? 1 : 2)) !=
         0;
}
void MakeResident(uptr addr, bool write);
inline void MarkShadow(uptr addr, u8 mark) {
  u8* const bits = &resident[addr >> kResidentBits];
  if ((__atomic_load_n(bits, __ATOMIC_RELAXED) & mark) == mark) return;
  __atomic_fetch_or(bits, mark, __ATOMIC_RELAXED);
}
// Words will be there that are not of a first access.
inline void MarkResident(uptr addr) { MarkShadow(addr, 3); }
// The same of a cell, which brings no plane.
inline void MarkCell(uptr unit) { MarkShadow(unit, 4); }
// False if nothing at all was recorded there.
inline bool IsMarked(uptr addr) {
  return __atomic_load_n(&resident[addr >> kResidentBits], __ATOMIC_RELAXED) != 0;
}
// Whether an access in epoch `cur` is about to be the first to touch this part of its plane. A read of
// what the epoch has written touches none.
CSAN_ALWAYS_INLINE bool WantsResidency(uptr addr, bool write, Word cur) {
  const uptr granule = GranuleOf(addr);
  if (IsResident(addr, write)) return false;
  const Word written = __atomic_load_n(WriteWord(granule), __ATOMIC_RELAXED);
  if (write) return written == 0;
  return !SameEpoch(written, cur) && __atomic_load_n(ReadWord(granule), __ATOMIC_RELAXED) == 0;
}
// The planes of the range have been given back.
void ForgetResidency(uptr addr, uptr size);

}  // namespace csan
