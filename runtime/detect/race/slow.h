// The slow path of an access: words that are lists, records of atomics, freed memory, races.
#pragma once

#include "actor/actor.h"
#include "actor/recording.h"
#include "base/types.h"
#include "detect/race/conflict.h"
#include "shadow/cell.h"
#include "shadow/word.h"
#include "trace/stack_table.h"

namespace csan::race {

// An entry for the history, written before the first word that needs it: an access that is recorded
// already leaves none.
struct LogEntryToBe {
  uptr addr;
  uptr size;
  StackId site;
  bool done;
  // Look for conflicts though the access is recorded: its word may have gone into a cell unchecked.
  bool recheck = false;
  void Ensure(Actor* a, Word cur) {
    if (done) return;
    done = true;
    LogAccess(a, cur, addr, size, site);
  }
};

// As TouchCell wants it.
struct WhereOfEntry {
  LogEntryToBe* entry;
  Actor* a;
  Word cur;
  StackId Site(StackId) const {
    const bool small =
        entry->size <= kUnit && UnitOf(entry->addr) == UnitOf(entry->addr + entry->size - 1);
    return small && !entry->done && a->held_count == 0 ? entry->site : 0;
  }
  void Log() const { entry->Ensure(a, cur); }
};

// Checks and records [addr, addr+size). `site` is the access's leaf in the stack table; `logged` says
// that the history has the access already, `recheck` that a record of it proves nothing. May report.
// Allocates no program memory.
void SlowAccess(Actor* a, uptr addr, uptr size, bool write, bool logged, bool recheck,
                StackId site);

// One granule; what is found is not reported.
void SlowGranule(Actor* a, uptr granule, u32 mask, bool write, Word cur, LogEntryToBe* log,
                 Conflict* out);

// Checks an access to the bytes `mask8` of a unit against the list of its locked cell and records
// it there.
void CheckCell(Actor* a, CellList* list, u32 mask8, u8 kind, Word cur, uptr unit, Conflict* out);

void CountRace();

}  // namespace csan::race
