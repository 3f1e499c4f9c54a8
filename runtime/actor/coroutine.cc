#include "actor/coroutine.h"

#include "abi/hooks.h"
#include "actor/actor.h"

namespace csan {
namespace {

StackId MakePlain(StackId path) {
  u64 pc[64];  // of longer ones the outermost frames are left out
  constexpr u32 kMax = sizeof(pc) / sizeof(pc[0]);
  u32 n = 0;
  bool creations = false;
  for (StackId at = path; at != 0 && n < kMax; at = NodeAt(at).parent) {
    const u64 note = NodeAt(at).pc_note;
    if (IsCreation(note)) creations = true;
    if (!IsCreation(note)) pc[n++] = note;
  }
  if (!creations) return path;
  StackId plain = 0;
  while (n-- > 0) plain = Child(plain, pc[n]);
  return plain;
}

// A signal handler between the stores could leave a mixed line: the path last, 0 meanwhile.
StackId WithoutCreations(Actor* a, StackId path) {
  PlainPath& line = a->desk->plain_paths[path % Desk::kPlainPaths];
  if (line.path == path) return line.plain;
  const StackId plain = MakePlain(path);
  __atomic_store_n(&line.path, 0u, __ATOMIC_RELAXED);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  line.plain = plain;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  __atomic_store_n(&line.path, path, __ATOMIC_RELAXED);
  return plain;
}

}  // namespace
}  // namespace csan

using namespace csan;

extern "C" CSAN_INTERFACE unsigned long __csan_coroutine_created() {
  Actor* const a = Self();
  if (a == nullptr || a->desk == nullptr) return abi::kCreatedPc;
  const StackId path = WithoutCreations(a, CurrentPath(a));
  return abi::kCreatedPc | SiteFor(a, path, PackSite(CSAN_CALLER_PC(), kNoteNone, 0));
}
