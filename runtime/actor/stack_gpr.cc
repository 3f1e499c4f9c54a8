// The shadow stack, read incrementally: instrumented functions push their return address with an
// empty node; here the nodes above the last known one are filled in. Amortised O(1) for each push
// that is ever looked at. Integer code: runs on the cold path of inlined checks.
#include "actor/actor.h"

namespace csan {

StackId SiteFor(Actor* actor, StackId parent, u64 pc_note) {
  SiteLine& line = SiteLineFor(actor, parent, pc_note);
  if (line.pc_note == pc_note && line.parent == parent) return line.site;
  const StackId site = Child(parent, pc_note);
  // A signal handler between these stores could leave a mixed line: parent last, 0 meanwhile.
  line.pc_note = 0;
  line.parent = parent;
  line.site = site;
  line.pc_note = pc_note;
  return site;
}

StackId StackTop(Actor* actor) {
  StackEntry* top = reinterpret_cast<StackEntry*>(ReadTcb64<abi::kTlsStackTop>());
  StackEntry* known = top;
  while (known > actor->stack_base && known[-1].node == 0) known--;
  StackId node = known > actor->stack_base ? known[-1].node : 0;
  for (; known < top; known++) {
    if (!IsNode(known->last, node, PackSite(known->pc, kNoteNone, 0))) {
      known->last = SiteFor(actor, node, PackSite(known->pc, kNoteNone, 0));
    }
    node = known->node = known->last;
  }
  return node;
}

}  // namespace csan
