// A race that has been found, before it becomes a finding.
#pragma once

#include "actor/actor.h"
#include "base/types.h"
#include "shadow/word.h"

namespace csan::race {

struct Conflict {
  enum class Kind : u8 { kNone, kRace, kFreed };
  Kind kind = Kind::kNone;
  Word earlier = 0;  // plain word with mask; 0 for freed memory whose free is ordered before
  bool earlier_write = false;
  bool earlier_atomic = false;
  uptr granule = 0;
  u32 earlier_actor = 0;
  // Looked up while the word was still in the shadow: afterwards compaction may drop the entry.
  bool kept = false;
  FoundAccess found = {};
};

struct Current {
  uptr addr;
  uptr size;
  bool write;
  bool atomic;
  bool vptr;
  bool free;
  StackId site;
};

// Builds the finding and hands it to report/. No cell may be locked.
void ReportConflict(Actor* a, const Current& current, const Conflict& conflict);
// free or realloc of what is no live block of the heap.
void ReportBadFree(Actor* a, uptr addr, bool freed_before, uptr pc);

}  // namespace csan::race
