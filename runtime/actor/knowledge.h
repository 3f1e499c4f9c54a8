// What an actor knows, 2.9 KB: its clock, and the one of what it knows firmly. And how little is kept of it
// while a fiber waits: how both differ from clocks that others have too, and the islands.
//
// What was learnt when is forgotten, which is asked of those who have a slot. Cost of putting it aside and
// taking it back: a comparison and a copy of 2 KB, some 200 ns.
#pragma once

#include "actor/firm.h"
#include "base/types.h"
#include "clock/clock.h"
#include "clock/measure.h"

namespace csan {

struct Knowledge {
  Clock clock;
  FirmClock firm;
  Knowledge* next;  // while nobody has it
};

// In words: those in which the clock differs, then the firm one, then the islands of its own.
struct Aside {
  Aside* next;  // while nobody has it
  Measure* clock;
  Measure* firm;
  SharedIslands* shared;
  u32 joined;  // as in the list of islands
  u32 size;    // as in the clock
  u32 firm_size, version, own_from, learnt_count;
  u8 room;  // in steps
  u8 clock_count, firm_count, island_count;
  Word words[];
};

// Nothing is known.
Knowledge* NewKnowledge();
void Free(Knowledge* k);

// For both: what is made takes the islands over, and the other is empty from then on. A process may be
// forked in between.
Aside* MakeAside(const Knowledge& k);
Knowledge* MakeWhole(const Aside& aside);
void FreeEmptied(Knowledge* k);
void FreeEmptied(Aside* aside);
// The clock's epochs, of all slots.
void CopyClock(const Aside& aside, u32* into);

}  // namespace csan
