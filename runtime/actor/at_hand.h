// Fibers whose clocks are at hand, and those that have waited for longer, of whom less is kept (knowledge.h).
//
// Who is left takes the next place of a table, and what the one knows that had it is put aside. So going
// to and fro between as many as there are places costs nothing, and any number of others may wait. A second
// table has more places: who loses one there gives the pages of its shadow stack back (emptied.h). Who has
// which makes no difference to what is found.
//
// Thread-safety: what a suspended fiber keeps is changed with its `kept_lock`; of one that runs it stays.
// Cost: 3 MB, and 16 MB of shadow stacks, where there are more fibers than places; an exchange for a switch,
// and some 200 ns each way for who was not at hand, microseconds for who was left before 4096 others.
#pragma once

#include "actor/actor.h"

namespace csan {

// The fiber is suspended from now on.
void KeepAtHand(Actor* a);
// With its `kept_lock`: it is to run.
void TakeToHand(Actor* a);
// An actor that knows nothing yet; and the end of one.
void BeginKnowledge(Actor* a);
void EndKnowledge(Actor* a);

// For who looks on: the epochs that the actor knows of so many slots. Clocks only grow, so what is read
// while it goes on was true. False if just now what it knows is put aside or made whole, or others act on
// its behalf.
bool LoadClock(const Actor* a, u32* at, u32* size);

// For who acts on behalf of another, which may wait: what that one knows is there.
class AtHand {
 public:
  explicit AtHand(Actor* a);
  ~AtHand();
  AtHand(const AtHand&) = delete;
  AtHand& operator=(const AtHand&) = delete;

 private:
  Actor* actor_;  // null: nothing to do
  bool back_;     // was put aside
};

}  // namespace csan
