// What the findings of every detector tell: stacks and actors.
#pragma once

#include "base/types.h"
#include "report/finding.h"
#include "trace/stack_table.h"

namespace csan {

struct Actor;

void FillStack(StackId site, Stack* out);
// The calls of an actor that stands still, from its shadow stack: without the place in the innermost
// function. `pc` goes in front unless it is 0.
void FillStackOf(const Actor* actor, uptr pc, Stack* out);
// Adds the record of an actor once; false if there is no room for it.
bool AddActor(Finding* f, u32 id);
// Null if there is no room; then counted as left out.
Step* AddStep(Finding* f, u32 actor, const char* what, uptr object);
// The first two steps' stacks tell findings of one kind apart.
void CloseSteps(Finding* f);

}  // namespace csan
