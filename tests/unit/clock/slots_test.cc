#include "clock/slots.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "shadow/word.h"

namespace csan {
namespace {

// The slots are one table for the process: each test uses epochs and actors of its own.

TEST(Slots, ActorsThatAreJoinedOneAfterAnotherShareOneSlot) {
  Clock main = {};
  std::set<u32> used;
  for (u32 actor = 1000; actor < 11000; actor++) {
    Clock clock = main;
    const Attachment got = AttachSlot(actor, clock);
    ASSERT_LT(got.slot, kSlots);
    EXPECT_TRUE(got.known);
    used.insert(got.slot);
    const u32 epoch = got.last_epoch + 1;
    clock.Raise(got.slot, epoch);
    DetachSlot(got.slot, epoch);
    EXPECT_EQ(OwnerOf(got.slot, epoch), actor);
    Join(&main, clock);
  }
  EXPECT_EQ(used.size(), 1u);
}

TEST(Slots, LiveActorsHaveSlotsOfTheirOwnUntilNoneIsLeft) {
  std::map<u32, u32> used;  // slot -> last epoch
  u32 refused = 0;
  for (u32 actor = 20000; actor < 20000 + kSlots + 10; actor++) {
    const Attachment got = AttachSlot(actor, {});
    if (got.slot == kSlots) {
      refused++;
      continue;
    }
    EXPECT_TRUE(used.emplace(got.slot, got.last_epoch).second) << got.slot << " was given twice";
    EXPECT_EQ(OwnerOf(got.slot, got.last_epoch + 1), actor);
  }
  EXPECT_EQ(used.size(), kSlots);
  EXPECT_EQ(refused, 10u);
  for (const auto& [slot, epoch] : used) DetachSlot(slot, epoch + 1);
}

TEST(Slots, WhoKnowsNobodyTakesTheSlotLeftLongestAgoAndTheNextOneContinuesItsIsland) {
  // All slots have been used, and left in this order, by actors that a newcomer knows nothing of.
  std::vector<u32> order;
  for (u32 actor = 30000; actor < 30000 + kSlots; actor++)
    order.push_back(AttachSlot(actor, {}).slot);
  for (const u32 slot : order) DetachSlot(slot, 100000 + slot);
  Clock clock = {};
  const Attachment got = AttachSlot(40000, clock);
  EXPECT_EQ(got.slot, order.front());
  EXPECT_FALSE(got.known);
  EXPECT_EQ(got.last_epoch, 100000 + got.slot);
  DetachSlot(got.slot, got.last_epoch + 3);
  AddIsland(clock.at, &clock.islands, {got.slot, got.last_epoch + 1, got.last_epoch + 3});
  for (u32 other = 1; other <= kSlots / 8; other++) {
    const Attachment passing = AttachSlot(41000 + other, {});
    DetachSlot(passing.slot, passing.last_epoch);
  }
  const Attachment next = AttachSlot(40001, clock);
  EXPECT_EQ(next.slot, got.slot);
  EXPECT_FALSE(next.known);
  EXPECT_EQ(next.last_epoch, got.last_epoch + 3);
  DetachSlot(next.slot, next.last_epoch + 1);
  FreeIslands(&clock.islands);
}

TEST(Slots, WhoWasThereAMomentAgoComesBackToItsSlotWhoeverElseKnowsIt) {
  Clock parent = {};
  Attachment mine = AttachSlot(50000, parent);
  EXPECT_FALSE(mine.known);
  const u32 slot = mine.slot;
  for (u32 child = 50001; child < 50401; child++) {
    const u32 epoch = mine.last_epoch + 1;
    AddIsland(parent.at, &parent.islands, {slot, epoch, epoch});
    DetachSlot(slot, epoch);
    // Created just now, and first to come.
    Clock clock = {};
    Join(&clock, parent);
    const Attachment got = AttachSlot(child, clock);
    EXPECT_NE(got.slot, slot);
    DetachSlot(got.slot, got.last_epoch + 1);
    FreeIslands(&clock.islands);
    mine = AttachSlot(50000, parent);
    ASSERT_EQ(mine.slot, slot);
  }
  EXPECT_EQ(parent.islands.list->count, 1u);
  EXPECT_EQ(parent.islands.list->shared, nullptr);
  DetachSlot(slot, mine.last_epoch);
  FreeIslands(&parent.islands);
}

}  // namespace
}  // namespace csan
