// What the allocator and the mmap family tell the shadow.
#pragma once

#include "base/types.h"

namespace csan {

// A block of the program's heap begins a new life. `addr` and `usable` are multiples of 16.
void OnHeapAlloc(uptr addr, uptr usable);
// The program frees a block: checked as a write to every byte of it, then marked freed, so that any
// later access is a finding until the block leaves the quarantine.
void OnHeapFree(uptr addr, uptr usable, uptr pc, u32* mark);
// The block may be handed out again. Large blocks give their shadow pages back.
// The write plane of memory that will soon be used for the first time, at one go: touched word by word, each
// page would fault twice, first read as the zero page and then written.
void OnGrowth(uptr addr, uptr size);
void OnHeapLeaveQuarantine(uptr addr, uptr usable);
// Interned stack of the calling actor with `pc` on top; 0 when unknown.
u32 CurrentStack(uptr pc);
u32 CurrentActorId();

// Forgets all that is recorded about [addr, addr + size): mapped, unmapped or handed over by libc.
void ForgetRange(uptr addr, uptr size);

}  // namespace csan
