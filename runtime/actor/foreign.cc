#include "actor/foreign.h"

#include "base/spin_lock.h"
#include "base/string.h"

namespace csan {
namespace {

struct Name {
  char text[kForeignNameMax];
};
constinit Name names[kForeignModules] = {};
constinit u32 count = 0;
constinit SpinLock lock;

// Whether the call was not before the access, as far as one knows.
bool MayFollow(Word call, Word access) {
  if (call == 0) return false;
  if (call == RareInfo::kForeignAnyTime || SlotOf(call) != SlotOf(access)) return true;
  return WholeEpoch(call) >= WholeEpoch(access);
}

bool MayKnow(const Actor* a, u32 caller, Word call) {
  if (call == 0) return false;
  return caller == a->id || call == RareInfo::kForeignAnyTime || Knows(a, call);
}

bool TakeTurns(u32 one, u32 other) {
  return InfoOf(one)->takes_turns && InfoOf(other)->takes_turns;
}

// Whether it may have been called since by the actor, or by one whose turn came after.
bool MayHaveCalled(u32 module, u32 before, Word earlier) {
  const RareInfo* const info = RareOf(before);
  const Turns& turns = info->turns;
  if (MayFollow(__atomic_load_n(&info->foreign[module], __ATOMIC_RELAXED), earlier)) return true;
  if (turns.left != nullptr && turns.left->last_foreign_call[module] > turns.calls &&
      MayFollow(turns.last, earlier)) {
    return true;
  }
  if (!MayFollow(turns.moved, earlier)) return false;
  for (u32 id = 0; id < ActorsEver(); id++) {
    if (TakeTurns(before, id) && RareOf(id)->foreign[module] != 0) return true;
  }
  return false;
}

}  // namespace

u32 ForeignModule(const char* path) {
  const char* const name = BaseName(path);
  SpinGuard guard(lock);
  for (u32 i = 0; i < count; i++) {
    if (StrEq(names[i].text, name)) return i;
  }
  if (count == kForeignModules) return count - 1;
  StrCopy(names[count].text, name, sizeof(names[count].text));
  return count++;
}

void LeaveTurn(Actor* a) {
  a->info->takes_turns = true;
  Turns& turns = RareOf(a->id)->turns;
  turns.calls = a->desk->foreign_calls;
  turns.last = CallNow(a);
  __atomic_store_n(&turns.left, a->desk, __ATOMIC_RELEASE);
}

void TakeTurn(Actor* a, const Desk* desk) {
  a->info->takes_turns = true;
  Turns& turns = RareOf(a->id)->turns;
  const Desk* const left = turns.left;
  if (left == nullptr) return;
  for (u32 i = 0; left->foreign_calls != turns.calls && i < kForeignModules; i++) {
    if (left->last_foreign_call[i] > turns.calls)
      __atomic_store_n(&RareOf(a->id)->foreign[i], turns.last, __ATOMIC_RELAXED);
  }
  if (left != desk) turns.moved = turns.last;
  __atomic_store_n(&turns.left, nullptr, __ATOMIC_RELEASE);
}

const char* MayBeOrderedBy(const Actor* a, u32 before, Word earlier) {
  if (earlier == 0) return nullptr;
  for (u32 module = 0; module < count; module++) {
    if (!MayHaveCalled(module, before, earlier)) continue;
    for (u32 id = 0; id < ActorsEver(); id++) {
      const Word call = __atomic_load_n(&RareOf(id)->foreign[module], __ATOMIC_RELAXED);
      // What it knows of the one before, or of its thread's others, is no order of the module's.
      const bool same =
          TakeTurns(before, id) && id != a->id && InfoOf(id)->thread == InfoOf(before)->thread;
      if (id != before && !same && MayKnow(a, id, call)) return names[module].text;
    }
  }
  return nullptr;
}

}  // namespace csan
