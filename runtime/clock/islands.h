// Islands: what a clock knows of a slot beyond the epoch up to which it knows everything.
//
// A clock says "all epochs of slot s up to at[s]". While there are no more actors than slots that is
// all there is to say, because a slot is only taken over by an actor that knows its last epoch L.
// Beyond, an actor may have to take over a slot of which it knows less: its own epochs L+1, L+2, ...
// are then an island, and those who acquire from it know the island but not what lies before it.
// So nothing is hidden and nothing invented, whatever the number of actors.
//
// What a clock has itself is at most sixteen islands; when they are too many they become part of a sorted
// array that does not change any more, and that all may share who learn from it: a thousand goroutines that
// wait know nearly the same. An island that at[] has reached becomes part of it, in the shared array when
// that is made anew. Cost: nothing while there are none (a clock without islands is the plain array); else a
// merge of a few at each join, of two sorted arrays where two that are not the same meet, and a search where
// an access would otherwise be a race. Past kIslandsMax the gaps before them are filled, that is, races with
// the epochs in the gaps are missed; counted.
//
// Not thread-safe: whoever may use the clock may use its islands; shared arrays count who has them.
#pragma once

#include "base/types.h"
#include "shadow/word.h"

namespace csan {

constexpr u32 kIslandsMax = 1 << 15;

struct Island {
  u32 slot;
  u32 from, to;  // epochs, both included
};

struct SharedIslands {
  u32 users;
  u32 count;
  u32 capacity;
  u32 id;  // no two have the same
  Island at[];
};

struct IslandList {
  static constexpr u32 kOwn = 16;
  IslandList* next;  // while nobody has it
  SharedIslands* shared;
  u32 joined;  // id of another shared array all of which is known
  u32 count;
  Island own[kOwn];  // sorted by slot and epoch, apart from each other and from at[]
};

struct Islands {
  IslandList* list;  // null: none
  bool none() const { return list == nullptr; }
};

bool Contains(const Islands& islands, Word plain);
// Whether it holds the slot's epoch `epoch`.
bool Contains(const Islands& islands, u32 slot, u32 epoch);
// into += from, both beside the array `at` (of kClockCapacity slots), which may grow. Returns whether
// anything changed; yes, too, where that would be costly to find out.
bool JoinIslands(u32* at, Islands* into, const Islands& from);
void AddIsland(u32* at, Islands* into, const Island& island);
void CopyIslands(Islands* into, const Islands& from);
void FreeIslands(Islands* islands);
// A list of what is kept elsewhere meanwhile, and the end of one whose contents are: `shared` goes with them.
Islands MakeIslands(SharedIslands* shared, u32 joined, const Island* own, u32 count);
void FreeMoved(Islands* islands);

// Gaps that were filled for want of room.
extern u64 gaps_filled;

}  // namespace csan
