// What happens to OS threads, as the detectors see it: creation, start, finish, join.
//
// Happens-before made here: creation → first action of the child; last action → return of join.
#pragma once

#include "base/types.h"

namespace csan {

struct Actor;
struct StackEntry;

// A stack of calls, for a thread or for a context that threads pass on.
struct ShadowStack {
  StackEntry* base;
  StackEntry* top;
  StackEntry* limit;  // the highest top
  uptr reserved;      // bytes; 0 if it is a thread's own
};

// In the parent, before the real create. `pc` is the caller of pthread_create.
Actor* OnThreadCreate(uptr pc);
// The real create failed: the actor never ran.
void OnThreadCreateFailed(Actor* actor);
// First thing in the child. The ranges are the thread's stack and static TLS; what their shadow
// remembers of an earlier thread is forgotten (the memory was handed over by libc).
void OnThreadStart(Actor* actor, uptr stack_lo, uptr stack_hi, uptr tls_lo, uptr tls_hi);
// Last thing in the thread, after its TLS destructors. Nothing is checked afterwards.
void OnThreadFinish();
void OnThreadJoin(Actor* actor, uptr pc);
void OnThreadDetach(Actor* actor);
// Copies at most 31 bytes of `name`.
void SetThreadName(Actor* actor, const char* name);

// Where the thread keeps its thread-local variables, for reports; inside the stack's range or not.
void SetThreadLocals(Actor* actor, uptr tls_lo, uptr tls_hi);
// Makes `a` the actor of the calling OS thread.
void AdoptThread(Actor* a, uptr stack_lo, uptr stack_hi);
// In a forked child, of a thread that is not there: libc gives its control block to the next one as it is.
void ForgetControlBlock(Actor* a);
// The actor's own shadow stack, empty.
void GiveShadowStack(Actor* a, uptr stack_size);
// Gives the pages of it back; it stays reserved.
void EmptyShadowStack(Actor* a);
// For a context whose program stack has `stack_size` bytes, 0 for the default.
ShadowStack NewShadowStack(uptr stack_size);
void FreeShadowStack(const ShadowStack& stack);
ShadowStack CurrentShadowStack();
void UseShadowStack(const ShadowStack& stack);
// For code that runs on a thread without an actor: pushes go to a stack nobody reads.
void UseOrphanStack();

}  // namespace csan
