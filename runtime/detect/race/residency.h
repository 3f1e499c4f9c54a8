// Shadow pages of the heap that are asked for 16 at a time.
//
// An inlined check reads a shadow word before the first write to it, so a fresh page faults twice:
// for the page of zeros, and when that is replaced, which also interrupts the other cores. So the
// first write to 64 KB of heap has both its planes made at once. Costs at most those 128 KB where
// less is used; other memory (stacks, mappings) is left to be touched page by page.
//
// Thread-safe: a bit of the map that is lost or late costs a system call or two faults, no more.
#pragma once

#include "base/types.h"

namespace csan::race {

constexpr u32 kResidentBits = 16;

extern u8* resident;  // one for each 64 KB of address space

void InitResidency();
CSAN_ALWAYS_INLINE bool IsResident(uptr addr) {
  return __atomic_load_n(&resident[addr >> kResidentBits], __ATOMIC_RELAXED) != 0;
}
void MakeResident(uptr addr);
// The planes of the range have been given back.
void ForgetResidency(uptr addr, uptr size);

}  // namespace csan::race
