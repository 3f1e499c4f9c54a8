// What the findings of every detector tell: stacks, actors, steps.
#pragma once

#include "base/types.h"
#include "report/finding.h"
#include "trace/stack_table.h"

namespace csan {

struct Actor;

// Who runs on the thread that the actor is: it, or a fiber.
const Actor* RunsOn(const Actor* thread);
// The calls of an actor that stands still, or of whoever runs on the thread that it is, from the shadow
// stack: without the place in the innermost function.
void FillStackOf(const Actor* actor, Stack* out);
// "thread", "fiber" or "goroutine".
const char* KindOf(u32 actor);
// Adds the record of an actor once, while there is room.
void AddActor(Finding* f, u32 id);
// Adds a step with an empty stack. Null if there is no room; then it is counted as left out.
Step* AddStep(Finding* f, u32 actor, const char* what, uptr object);
// The same with the stack of `site`.
void AddStep(Finding* f, u32 actor, const char* what, uptr object, StackId site);

}  // namespace csan
