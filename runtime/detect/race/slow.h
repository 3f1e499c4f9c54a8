// The slow path of an access: words that are lists, records of atomics, freed memory, races.
#pragma once

#include "actor/actor.h"
#include "base/types.h"
#include "detect/race/conflict.h"
#include "shadow/cell.h"
#include "shadow/word.h"
#include "trace/stack_table.h"

namespace csan::race {

// Logs and checks [addr, addr+size). `site` is the access's leaf in the stack table. May report.
// Allocates no program memory.
void SlowAccess(Actor* a, uptr addr, uptr size, bool write, StackId site);

// One granule, neither logged nor reported.
void SlowGranule(Actor* a, uptr granule, u32 mask, bool write, Word cur, Conflict* out);

// Checks an access to the bytes `mask8` of a unit against the list of its locked cell and records
// it there.
void CheckCell(Actor* a, CellList* list, u32 mask8, u8 kind, Word cur, uptr unit, Conflict* out);

void CountRace();

}  // namespace csan::race
