#include "shadow/stamp.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace csan {
namespace {

// A slot for each test: pools are never emptied.
void InitOnce() {
  static const bool done = (InitStamps(), true);
  static_cast<void>(done);
}

TEST(Stamp, WhatIsTakenIsTakenOnce) {
  InitOnce();
  std::mt19937 random(4);
  std::set<Word> taken[3];
  for (int i = 0; i < 200000; i++) {
    const u32 slot = random() % 3;
    std::set<Word>& mine = taken[slot];
    // Now many, now few, so that free ones are used again.
    if (random() % 100 < (i / 20000 % 2 == 0 ? 60u : 40u)) {
      const Word reference = TakeStamp(10 + slot);
      ASSERT_TRUE(IsPlain(reference));
      ASSERT_EQ(SlotOf(reference), 10 + slot);
      ASSERT_EQ(MaskOf(reference), 0u);
      ASSERT_TRUE(mine.insert(reference).second) << "it was not free";
      SetStamp(StampOf(reference), MakeWord(10 + slot, static_cast<u32>(i) + 1, 0),
               static_cast<u32>(i));
    } else if (!mine.empty()) {
      const auto any =
          std::next(mine.begin(), static_cast<long>(random() % std::min<size_t>(mine.size(), 20)));
      GiveStamp(*any);
      mine.erase(any);
    }
  }
  for (const std::set<Word>& mine : taken) {
    EXPECT_GT(mine.size(), 0u);
    std::set<Word> epochs;
    for (const Word reference : mine) {
      const Stamp stamp = LoadStamp(StampOf(reference));
      epochs.insert(stamp.epoch);
      EXPECT_EQ(EpochOf(stamp.epoch), stamp.site + 1);
    }
    EXPECT_EQ(epochs.size(), mine.size()) << "one was written through another";
  }
}

TEST(Stamp, ASlotWithoutAFreeOneSaysSoUntilOneComesBack) {
  InitOnce();
  Word last = 0;
  u32 count = 0;
  while (const Word reference = TakeStamp(20)) {
    last = reference;
    ASSERT_LT(++count, kStampsPerSlot);
  }
  EXPECT_GT(count, kStampsPerSlot / 2);
  EXPECT_EQ(TakeStamp(20), 0u);
  EXPECT_NE(TakeStamp(21), 0u) << "another slot has its own";
  GiveStamp(last);
  EXPECT_EQ(TakeStamp(20), last);
  EXPECT_EQ(TakeStamp(20), 0u);
}

// The owner takes while others give back.
TEST(Stamp, GivingBackAtOnceLosesNothing) {
  InitOnce();
  constexpr u32 kStamps = 64;
  constexpr int kRounds = 100000;
  std::atomic<Word> box[2] = {0, 0};
  std::atomic<bool> done = false;
  std::vector<std::thread> givers;
  for (std::atomic<Word>& mine : box) {
    givers.emplace_back([&] {
      while (!done) {
        if (const Word reference = mine.exchange(0)) GiveStamp(reference);
      }
    });
  }
  std::set<Word> ever;
  for (int i = 0; i < kRounds; i++) {
    const Word reference = TakeStamp(30);
    ASSERT_NE(reference, 0u);
    ever.insert(reference);
    const Word not_given = box[i % 2].exchange(reference);
    if (not_given != 0) GiveStamp(not_given);
  }
  done = true;
  for (std::thread& giver : givers) giver.join();
  for (std::atomic<Word>& mine : box) {
    if (const Word reference = mine.exchange(0)) GiveStamp(reference);
  }
  // All are free again: as many as were ever used can be taken, each once.
  EXPECT_LE(ever.size(), kStamps);
  std::set<Word> again;
  for (size_t i = 0; i < ever.size(); i++) again.insert(TakeStamp(30));
  EXPECT_EQ(again, ever);
}

}  // namespace
}  // namespace csan
