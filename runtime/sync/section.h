// The last two sections that each actor has had of each lock: which of the lock's acquisitions it was, and
// from which epoch to which.
//
// Asked where one must know whether a lock order can come about (detect/lock_order/witness.h). A line holds
// one lock, and locks share sets of four lines; where a fifth falls on a set one has to go, and the set says
// that it does not tell all.
// What actors that have ended knew is kept for the last kEndedKept of them; of earlier ones, the last
// acquisition of each lock by any of them.
// Cost: a line of 48 bytes is written at each acquisition and touched at each release; 12 KB an actor.
#pragma once

#include "base/types.h"
#include "clock/clock.h"
#include "sync/events.h"

namespace csan {

struct Actor;

struct Section {
  static constexpr u32 kOpen = ~0u;
  u32 number;  // the lock's acquisitions are counted from 1; 0: no section
  u32 from;    // epoch; 0: before the actor had its present slot
  u32 to;  // the epoch that the release ended, or kOpen; whoever knows an earlier end of the same epoch
           // misses nothing that the actor has learnt since
  LockMode mode;
};

struct SectionLine {
  uptr addr;
  u32 older_write;    // number of the last section for writing before the two; 0: none
  Section latest[2];  // the last one first
  u32 first;  // epoch in which the actor took the lock first; 0: before it had its present slot
};

struct SectionSet {
  static constexpr u32 kLines = 4;
  u32 displaced;  // 1 + the last epoch of sections of locks that have had to go; 0: none
  u32 next;       // to go
  SectionLine line[kLines];
};

struct Sections {
  static constexpr u32 kSets = 64;
  u32 actor;
  u32 slot;
  u32 first;                         // epoch in it
  bool unsure;                       // slots were scarce
  u64 earlier[kClockCapacity / 64];  // the slots that it has had before
  Sections* next;                    // of all, or free
  SectionSet at[kSets];

  static u32 SetOf(uptr addr) {
    return static_cast<u32>((addr >> 3) * 0x9E3779B97F4A7C15ull >> 58);
  }
  // Null if the lock has no line.
  static const SectionLine* LineIn(const SectionSet& set, uptr addr) {
    for (const SectionLine& line : set.line) {
      if (line.addr == addr) return &line;
    }
    return nullptr;
  }
};

// An option, set before the program starts.
extern bool lock_orders_watched;

constexpr u32 kEndedKept = 256;

void NoteAcquired(Actor* a, uptr addr, LockMode mode, u32 number);
void NoteReleased(Actor* a, uptr addr);
// The actor has got a slot.
void MoveSections(Actor* a);
// The actor has ended.
void KeepSections(Actor* a);

// While no actor comes or goes.
void LockSections();
void UnlockSections();
// Those of actors that live or have ended lately.
const Sections* FirstSections();
// An upper bound of the acquisitions of the lock by actors that are no longer among them, where they may have
// been before the epochs `limit` of the slots.
u32 LastForgotten(uptr addr, const u32* limit);

}  // namespace csan
