// Whether the requests of a cycle can come together: SPDOffline's sync-preserving closure (Tunç, Mathur,
// Pavlogiannis, Viswanathan: Sound Dynamic Deadlock Prediction in Linear Time, PLDI 2023).
//
// A witness is an interleaving of parts of this run in which each actor stands before its request. Each part
// has all that it is firmly ordered after (actor/firm.h), and each lock's sections that are in it come in the
// order of this run: so if a part has a later section of a lock, it has the release of the earlier one too.
// What is forced in that way is added until nothing more is; if no request is among it, there is a witness.
//
// Sound but for what firm.h does not see: the actors read what they have read in this run, so they do the
// same again. Where something is no longer known the answer is that there is no witness. Cost: locks held
// times actors; then lines of sections for each other actor that a part needs.
#pragma once

#include "base/types.h"
#include "clock/clock.h"
#include "sync/events.h"
#include "trace/stack_table.h"

namespace csan::lock_order {

struct HeldNote {
  uptr addr;
  u32 number;  // which acquisition of the lock
  StackId taken;
  LockMode mode;
};

// Where an actor was when it asked.
struct Place {
  static constexpr u32 kHeld = 1024;
  u32 actor, slot, epoch;
  uptr asked;  // the lock asked for
  bool whole;  // all that is held fits in
  u32 size;    // of the clock
  u32 firm[kClockCapacity];
  u32 held_count;
  HeldNote held[kHeld];
};

enum class Verdict : u8 {
  kOrdered,  // one comes firmly after another, or after the end of a section that others need first
  kUnproven,  // no witness among the interleavings looked at
  kWitness,
};
Verdict Judge(const Place* places, u32 count);

}  // namespace csan::lock_order
