#include "clock/slots.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "shadow/word.h"

namespace csan {
namespace {

// The slots are one table for the process: each test uses epochs and actors of its own.

TEST(Slots, ActorsThatAreJoinedOneAfterAnotherShareOneSlot) {
  const Clock dead = {};
  Clock main = {};
  const u64 lossy = LossyHandOvers();
  std::set<u32> used;
  for (u32 actor = 1000; actor < 11000; actor++) {
    Clock clock = main;
    const u32 slot = AttachSlot(actor, &clock, dead);
    ASSERT_LT(slot, kSlots);
    used.insert(slot);
    const u32 epoch = clock.at[slot] + 1;
    clock.Raise(slot, epoch);
    DetachSlot(slot, epoch);
    EXPECT_EQ(OwnerOf(slot, epoch), actor);
    if (main.size < clock.size) main.size = clock.size;
    JoinInto(main.at, clock.at, clock.size);
  }
  EXPECT_EQ(used.size(), 1u);
  EXPECT_EQ(LossyHandOvers(), lossy);
}

TEST(Slots, LiveActorsHaveSlotsOfTheirOwnUntilNoneIsLeft) {
  const Clock dead = {};
  std::map<u32, u32> used;  // slot -> last epoch
  u32 refused = 0;
  for (u32 actor = 20000; actor < 20000 + kSlots + 10; actor++) {
    Clock clock = {};
    const u32 slot = AttachSlot(actor, &clock, dead);
    if (slot == kSlots) {
      refused++;
      continue;
    }
    EXPECT_TRUE(used.emplace(slot, clock.at[slot]).second) << "slot " << slot << " was given twice";
    EXPECT_EQ(OwnerOf(slot, clock.at[slot] + 1), actor);
  }
  EXPECT_EQ(used.size(), kSlots);
  EXPECT_EQ(refused, 10u);
  EXPECT_GE(LossyHandOvers(), 10u);
  for (const auto& [slot, epoch] : used) DetachSlot(slot, epoch);
}

}  // namespace
}  // namespace csan
