#include "actor/foreign.h"

#include "base/spin_lock.h"
#include "base/string.h"

namespace csan {
namespace {

struct Name {
  char text[kForeignNameMax];
};
constinit Name names[ActorInfo::kForeignModules] = {};
constinit u32 count = 0;
constinit SpinLock lock;

// Whether the call was not before the access, as far as one knows.
bool MayFollow(Word call, Word access) {
  if (call == 0) return false;
  if (call == ActorInfo::kForeignAnyTime || SlotOf(call) != SlotOf(access)) return true;
  return EpochOf(call) >= EpochOf(access);
}

bool MayKnow(const Actor* a, u32 caller, Word call) {
  if (call == 0) return false;
  return caller == a->id || call == ActorInfo::kForeignAnyTime || Knows(a, call);
}

}  // namespace

u32 ForeignModule(const char* path) {
  const char* const name = BaseName(path);
  SpinGuard guard(lock);
  for (u32 i = 0; i < count; i++) {
    if (StrEq(names[i].text, name)) return i;
  }
  if (count == ActorInfo::kForeignModules) return count - 1;
  StrCopy(names[count].text, name, sizeof(names[count].text));
  return count++;
}

const char* MayBeOrderedBy(const Actor* a, u32 before, Word earlier) {
  if (earlier == 0) return nullptr;
  for (u32 module = 0; module < count; module++) {
    const Word call = __atomic_load_n(&InfoOf(before)->foreign[module], __ATOMIC_RELAXED);
    if (!MayFollow(call, earlier)) continue;
    for (u32 id = 0; id < ActorsEver(); id++) {
      const Word other = __atomic_load_n(&InfoOf(id)->foreign[module], __ATOMIC_RELAXED);
      if (id != before && MayKnow(a, id, other)) return names[module].text;
    }
  }
  return nullptr;
}

}  // namespace csan
