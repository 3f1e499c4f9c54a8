#include "clock/measure.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace csan {
namespace {

struct Kept {
  Measure* measure;
  Word differences[Measures::kDifferences];
  u32 count;
};

TEST(Measures, WhatIsPutAsideComesBackTheSame) {
  std::mt19937 random(11);
  Measures measures;
  for (int round = 0; round < 200; round++) {
    std::vector<std::vector<u32>> clocks;
    std::vector<Kept> kept;
    std::vector<u32> clock(kClockCapacity);
    for (int i = 0; i < 40; i++) {
      // From the same as before to all new, back and forth.
      const u32 changes = random() % 4 == 0 ? random() % kSlots : random() % 4;
      for (u32 k = 0; k < changes; k++) clock[random() % kSlots] = random() >> random() % 32;
      clocks.push_back(clock);
      kept.emplace_back();
      kept.back().measure =
          measures.PutAside(clock.data(), kept.back().differences, &kept.back().count);
      ASSERT_LE(kept.back().count, Measures::kDifferences);
    }
    while (!kept.empty()) {
      const u32 i = random() % kept.size();
      std::vector<u32> back(kClockCapacity, 77);
      TakeBack(*kept[i].measure, kept[i].differences, kept[i].count, back.data());
      ASSERT_EQ(back, clocks[i]);
      Drop(kept[i].measure);
      kept.erase(kept.begin() + i);
      clocks.erase(clocks.begin() + i);
    }
  }
}

TEST(Measures, WhoKnowsNearlyTheSameSharesOne) {
  Measures measures;
  u32 clock[kClockCapacity] = {};
  Word differences[Measures::kDifferences];
  u32 count = 0;
  Measure* const first = measures.PutAside(clock, differences, &count);
  EXPECT_EQ(count, 0u);
  for (u32 i = 0; i < 100; i++) {
    clock[7] = i + 1;
    Measure* const measure = measures.PutAside(clock, differences, &count);
    EXPECT_EQ(measure, first);
    EXPECT_EQ(count, 1u);
    Drop(measure);
  }
  clock[8] = kMaxEpoch + 1;
  Measure* const measure = measures.PutAside(clock, differences, &count);
  EXPECT_EQ(measure, first) << "for one that a word does not tell";
  EXPECT_EQ(count, 3u);
  Drop(measure);
  for (u32 slot = 0; slot < kSlots; slot++) clock[slot] = 9;
  Measure* const second = measures.PutAside(clock, differences, &count);
  EXPECT_NE(second, first) << "too much of it differs";
  EXPECT_EQ(count, 0u);
  Drop(second);
  Drop(first);
}

}  // namespace
}  // namespace csan
