// What orders an actor's past other than locks: creation and join, conditions, atomics, semaphores, and the
// values that it has read.
//
// A second clock beside the actor's, of the same slots and epochs. An unlock teaches it nothing; a read of
// what another epoch wrote teaches it that epoch, and all that its actor firmly knew then: a schedule in
// which the locks come in another order, but this actor does the same, must keep that order. So "firmly
// ordered" is the reads-from and program order of the literature on predictive analysis (Tunç et al., PLDI
// 2023), and what is not firmly ordered may come the other way round.
//
// Errs to the side of order: a store counts as a read of what it overwrites; what a writer has learnt since
// it wrote counts as known when it wrote, if it was in the same epoch or has learnt more than kLearnt things
// since, or if its slot has had two owners more; a release by several actors tells all that they know. Not
// seen: what flows through relaxed atomics only, and through code without checks. Cost: a comparison at the
// first read of a word in an epoch; a join where a writer's epoch is news; a copy of 1.8 KB when a slot is
// left. None of it before a lock is taken: what an actor has learnt by then can make it need parts of others
// only that hold no lock, and have asked for none.
#pragma once

#include "base/types.h"
#include "clock/clock.h"
#include "shadow/word.h"

namespace csan {

struct Actor;

// Since the first lock that is watched was taken.
extern bool firm_order_counts;

// What has been learnt last, to be taken back for who asks what was known earlier.
struct FirmLearnt {
  u32 epoch;  // of the actor
  u32 slot;
  u32 before;  // what the clock had there
};

// Others ask for what an actor knows whenever it has handed them something: in a program of up to ten slots
// they find it in one cache line.
struct alignas(64) FirmClock {
  static constexpr u32 kLearnt = 64;
  u32 size;      // as Clock's
  u32 version;   // counts what has been learnt
  u32 own_from;  // the first epoch of the actor itself in its present slot
  u32 learnt_count;
  u32 learnt_from;   // of them, since the actor has had its slot
  u32 learnt_epoch;  // the actor's, when it learnt the last
  u32 at[kClockCapacity];
  FirmLearnt learnt[kLearnt];
};

// Whoever had `slot` at `epoch`, and what it knows firmly.
__attribute__((preserve_all)) void LearnFirmly(Actor* a, u32 slot, u32 epoch);
void JoinFirmly(Actor* a, const u32* at, u32 size);
// What `from` knows, and itself.
void LearnFirmlyFrom(Actor* a, const Actor* from);

// Into a clock of kClockCapacity: what whoever had the slot at that epoch knew then.
void JoinKnowledge(u32 slot, u32 epoch, u32* into);

void OnSlotTaken(Actor* a);
// Before the actor's epoch in it is forgotten.
void OnSlotLeft(Actor* a);

}  // namespace csan
