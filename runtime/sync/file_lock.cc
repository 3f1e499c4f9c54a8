#include "sync/file_lock.h"

#include "actor/actor.h"

namespace csan {
namespace {

struct Taken {
  u32 descriptor;  // 1 + it; 0: none
  u64 by;          // actor and site
};
constexpr u32 kPlaces = 1024;
constinit Taken table[kPlaces] = {};
constinit bool passed = false;

Taken& PlaceOf(int fd) { return table[static_cast<u32>(fd) % kPlaces]; }
u32 NameOf(int fd) { return static_cast<u32>(fd) + 1; }
u32 NameIn(const Taken& taken) { return __atomic_load_n(&taken.descriptor, __ATOMIC_ACQUIRE); }

}  // namespace

void NoteFileLocked(int fd, uptr pc) {
  Actor* a = Self();
  if (a == nullptr) return;
  Taken& taken = PlaceOf(fd);
  const StackId site = SiteFor(a, StackTop(a), PackSite(pc, kNoteNone, 0));
  __atomic_store_n(&taken.descriptor, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&taken.by, static_cast<u64>(a->id) << 32 | site, __ATOMIC_RELEASE);
  __atomic_store_n(&taken.descriptor, NameOf(fd), __ATOMIC_RELEASE);
}

void NoteFileUnlocked(int fd) {
  Taken& taken = PlaceOf(fd);
  if (NameIn(taken) == NameOf(fd)) __atomic_store_n(&taken.descriptor, 0, __ATOMIC_RELAXED);
}

void NoteDescriptorsPassed() { __atomic_store_n(&passed, true, __ATOMIC_RELAXED); }
bool DescriptorsWerePassed() { return __atomic_load_n(&passed, __ATOMIC_RELAXED); }

bool FindFileLocked(int fd, FileLocked* found) {
  const Taken& taken = PlaceOf(fd);
  if (NameIn(taken) != NameOf(fd)) return false;
  const u64 by = __atomic_load_n(&taken.by, __ATOMIC_ACQUIRE);
  if (NameIn(taken) != NameOf(fd)) return false;
  *found = {static_cast<u32>(by >> 32), static_cast<StackId>(by)};
  return true;
}

}  // namespace csan
