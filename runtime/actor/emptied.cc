#include "actor/emptied.h"

#include "actor/thread.h"
#include "trace/stack_table.h"

namespace csan {
namespace {

constexpr sptr kDepthMost = 64;

u64 SiteOf(const StackEntry& entry) { return PackSite(entry.pc, kNoteNone, 0); }

// Of the entries, from which they can be told; 0 if there is none.
StackId PathOf(const StackEntry* base, sptr depth) {
  StackId path = 0;
  for (sptr i = 0; i < depth; i++) {
    if ((base[i].pc & ~kPcMask) != 0) return 0;
    path =
        IsNode(base[i].node, path, SiteOf(base[i])) ? base[i].node : Child(path, SiteOf(base[i]));
    if (path == 0) return 0;
  }
  return path;
}

}  // namespace

void EmptyStack(Actor* a) {
  if (a->emptied != 0 || a->stack_base == nullptr || a->stack_base != a->own_stack) return;
  const sptr depth = a->suspended_top - a->stack_base;
  if (depth <= 0 || depth > kDepthMost) return;
  const StackId path = PathOf(a->stack_base, depth);
  if (path == 0) return;
  // Before they are gone: a process may be forked in between.
  __atomic_store_n(&a->emptied, path, __ATOMIC_RELEASE);
  EmptyShadowStack(a);
}

void RefillStack(Actor* a) {
  StackId path = a->emptied;
  if (path == 0) return;
  for (StackEntry* entry = a->suspended_top; entry-- > a->stack_base;) {
    *entry = {NodeAt(path).pc_note & kPcMask, path, path};
    path = NodeAt(path).parent;
  }
  __atomic_store_n(&a->emptied, 0u, __ATOMIC_RELEASE);
}

}  // namespace csan
