#include "clock/islands.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "clock/clock.h"
#include "shadow/word.h"

namespace csan {
namespace {

// A clock as what it is: the set of the epochs it knows, slot by slot.
using Model = std::map<u32, std::set<u32>>;

constexpr u32 kFewSlots = 3;
constexpr u32 kEpochs = 40;

void ExpectSame(const Clock& clock, const Model& model) {
  for (u32 slot = 0; slot < kFewSlots; slot++) {
    const auto known = model.find(slot);
    for (u32 epoch = 1; epoch <= kEpochs; epoch++) {
      const Word word = MakeWord(slot, epoch, kFullMask);
      ASSERT_EQ(clock.Knows(word) || Contains(clock.islands, word),
                known != model.end() && known->second.count(epoch) != 0)
          << "slot " << slot << " epoch " << epoch;
    }
  }
  const IslandList* const list = clock.islands.list;
  for (u32 i = 0; list != nullptr && i < list->count; i++) {
    const Island& island = list->own[i];
    ASSERT_LE(island.from, island.to);
    ASSERT_GT(island.from, clock.at[island.slot] + 1) << "it is part of the column";
    if (i == 0 || list->own[i - 1].slot != island.slot) continue;
    ASSERT_GT(island.from, list->own[i - 1].to + 1) << "two should be one";
  }
}

TEST(Islands, AddJoinAndCopyAgreeWithSetsOfEpochs) {
  constexpr u32 kClocks = 4;
  std::mt19937 random(7);
  for (int round = 0; round < 100; round++) {
    Clock clocks[kClocks] = {};
    for (Clock& clock : clocks) clock.size = kClockCapacity;
    Model models[kClocks];
    for (int step = 0; step < 60; step++) {
      const u32 i = random() % kClocks;
      const u32 k = random() % kClocks;
      const u32 what = random() % 8;
      if (what < 5) {
        const u32 slot = random() % kFewSlots;
        const u32 from = 1 + random() % kEpochs;
        const u32 to = std::min<u32>(kEpochs, from + random() % 4);
        AddIsland(clocks[i].at, &clocks[i].islands, {slot, from, to});
        for (u32 epoch = from; epoch <= to; epoch++) models[i][slot].insert(epoch);
      } else if (i == k) {
        continue;
      } else if (what < 7) {
        bool learns = false;
        for (const auto& [slot, epochs] : models[k]) {
          for (const u32 epoch : epochs) learns |= models[i][slot].insert(epoch).second;
        }
        const bool changed = Join(&clocks[i], clocks[k]);
        EXPECT_TRUE(changed || !learns);
      } else {
        CopyInto(clocks[i].at, clocks[k].at, kClockCapacity);
        CopyIslands(&clocks[i].islands, clocks[k].islands);
        models[i] = models[k];
      }
      ExpectSame(clocks[i], models[i]);
    }
    for (Clock& clock : clocks) FreeIslands(&clock.islands);
  }
}

TEST(Islands, WhoLearnsTheSameSharesIt) {
  Clock known = {};
  for (u32 i = 0; i < 1000; i++)
    AddIsland(known.at, &known.islands, {i % 8, 10 + i * 2, 10 + i * 2});
  ASSERT_NE(known.islands.list->shared, nullptr);
  Clock learners[3] = {};
  for (u32 i = 0; i < 3; i++) {
    AddIsland(learners[i].at, &learners[i].islands, {20 + i, 5, 5});
    EXPECT_TRUE(Join(&learners[i], known));
    EXPECT_EQ(learners[i].islands.list->shared, known.islands.list->shared);
    EXPECT_TRUE(Contains(learners[i].islands, 20 + i, 5));
    EXPECT_TRUE(Contains(learners[i].islands, 3, 10 + 2 * 3));
    EXPECT_FALSE(Contains(learners[i].islands, 3, 11 + 2 * 3));
  }
  EXPECT_EQ(known.islands.list->shared->users, 4u);
  // What one learns beyond is its own.
  AddIsland(learners[0].at, &learners[0].islands, {7, 5000, 5000});
  EXPECT_FALSE(Contains(learners[1].islands, 7, 5000));
  for (Clock& learner : learners) FreeIslands(&learner.islands);
  EXPECT_EQ(known.islands.list->shared->users, 1u);
  FreeIslands(&known.islands);
}

TEST(Islands, PastTheMaximumGapsAreFilledAndCounted) {
  Clock clock = {};
  clock.size = kClockCapacity;
  const u64 before = gaps_filled;
  for (u32 i = 0; i < kIslandsMax; i++) {
    AddIsland(clock.at, &clock.islands, {i % kSlots, 100 + i * 2, 100 + i * 2});
  }
  EXPECT_EQ(gaps_filled, before);
  EXPECT_EQ(clock.at[0], 0u);
  for (u32 i = 0; i < 2 * IslandList::kOwn; i++) {
    AddIsland(clock.at, &clock.islands, {0, 20 + i * 2, 20 + i * 2});
  }
  EXPECT_GT(gaps_filled, before + kIslandsMax);
  EXPECT_EQ(clock.islands.list->shared, nullptr);
  // What was known still is: a filled gap can hide, never accuse.
  for (u32 i = 0; i < kIslandsMax; i++) {
    EXPECT_TRUE(clock.Knows(MakeWord(i % kSlots, 100 + i * 2, kFullMask)));
  }
}

}  // namespace
}  // namespace csan
