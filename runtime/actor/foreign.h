// Modules that are not instrumented, and who called into them when. They may order threads by means of their
// own, a spin lock for instance, of which nothing is known.
//
// For each actor and module the epoch of the last call is kept. A race whose earlier actor has called into
// a module since its access, after which the later one has called into it too, or has learnt from an actor
// that has, may be ordered there: it is noted, and fails nothing. What this can miss: a true race of threads
// that both use such a module, which becomes a note. What it cannot see: calls through pointers and virtual
// functions, and those of modules loaded after the last thread was made. A call that a model describes
// orders what the model says, and nothing else.
//
// Fibers that take turns on a thread are ordered by it, so each may call for the others: a call counts as one
// of those too that had been left on the thread before. Of who has gone to another thread since its access
// any such call counts.
#pragma once

#include "actor/actor.h"
#include "base/types.h"

namespace csan {

// Modules of one index are not told apart: the last one stands for all that there was no room for.
constexpr u32 kForeignNameMax = 64;

// The index of the module with this path.
u32 ForeignModule(const char* path);

// What `a` does now, as a call.
CSAN_ALWAYS_INLINE Word CallNow(const Actor* a) {
  // Without a slot there has been no access in it yet, and earlier ones are before the call.
  return a->slot == kNoSlot ? RareInfo::kForeignAnyTime
                            : MakeWord(a->slot, *a->own_epoch, kFullMask);
}

// Before the running actor is left for another that takes turns with it, and when one goes on at a desk.
void LeaveTurn(Actor* a);
void TakeTurn(Actor* a, const Desk* desk);

// The running actor calls into it. Integer code, for the program's vector registers are live.
CSAN_ALWAYS_INLINE void OnForeignCall(u32 module) {
  Actor* a = multi_actor ? Self() : nullptr;
  if (a == nullptr) return;
  if (a->call_told) {
    a->call_told = false;
    return;
  }
  if (CSAN_UNLIKELY(a->entry_told)) {
    a->entry_told = false;
    if (ReadTcb64<abi::kTlsStackTop>() == reinterpret_cast<u64>(a->stack_base)) return;
  }
  __atomic_store_n(&RareOf(a->id)->foreign[module], CallNow(a), __ATOMIC_RELAXED);
  if (CSAN_UNLIKELY(a->info->takes_turns)) {
    a->desk->last_foreign_call[module] = ++a->desk->foreign_calls;
  }
}

// The name of a module that may order what actor `before` did under `earlier` before what `a` does now; null
// if there is none.
const char* MayBeOrderedBy(const Actor* a, u32 before, Word earlier);

}  // namespace csan
