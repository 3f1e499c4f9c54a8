// Fibers: actors of their own that take turns on OS threads, as a program describes them.
//
// Happens-before made here: creation → first action; a switch orders what ran before what runs next,
// unless the program asks for none. Few suspended fibers hold a slot (kept.h). Each costs an Actor (1.9 KB),
// 256 bytes of history, and the page of its shadow stack that it uses, which is given back; besides 1.8 KB
// (firm.h), or 216 bytes of islands if slots are scarce.
#pragma once

#include "actor/actor.h"

namespace csan {

// `pc` is the caller of the function that creates.
Actor* CreateFiber(uptr pc);
// What is done on one stack of a library that tells nothing, whoever resumes it: frontend/fiber switches, and
// gives it a shadow stack. Not recorded as another actor while no second thread has ever run, because the
// order of its doings is the thread's.
Actor* CreateContextFiber(u32 parent, StackId created);
// A fiber that does not run and never will again. Ignores others.
void DestroyFiber(Actor* fiber);
// Memory that holds nothing but stacks: where none of a live actor lies, nothing of worth is.
void AddStackArea(AddressRange area);
// There is a stack in one of them that belongs to no actor.
void DistrustStackAreas();
u32 StackAreas();
AddressRange StackArea(u32 i);
// What runs on this thread from now on; must not run elsewhere. The thread's own actor is one as well.
void SwitchToFiber(Actor* to, bool ordered);
// The running actor goes on with what another did, on the same stack: it knows all of that, and the other all
// that is done before it goes on itself. Without effect on one that runs.
void GoOnWith(Actor* other);
// To one of a context, or from it to the thread's own: ordered, and the C library's locks stay the thread's.
void SwitchToContext(Actor* to);

}  // namespace csan
