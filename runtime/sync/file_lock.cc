#include "sync/file_lock.h"

#include "actor/actor.h"

namespace csan {
namespace {

constinit LastAt taken = {};  // by 1 + the descriptor
constinit bool passed = false;

u64 NameOf(int fd) { return static_cast<u32>(fd) + u64{1}; }

}  // namespace

void NoteFileLocked(int fd, uptr pc) {
  Actor* a = Self();
  if (a != nullptr) taken.Put(NameOf(fd), {a->id, SiteAt(a, pc)});
}

void NoteFileUnlocked(int fd) { taken.Forget(NameOf(fd)); }

void NoteDescriptorsPassed() { __atomic_store_n(&passed, true, __ATOMIC_RELAXED); }
bool DescriptorsWerePassed() { return __atomic_load_n(&passed, __ATOMIC_RELAXED); }

bool FindFileLocked(int fd, ActorSite* found) { return taken.Find(NameOf(fd), found); }

}  // namespace csan
