#include "clock/clock.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace csan {
namespace {

using Model = std::map<u32, u32>;

bool JoinModel(Model* into, const Model& from) {
  bool learnt = false;
  for (const auto& [slot, epoch] : from) {
    u32& mine = (*into)[slot];
    if (mine < epoch) {
      mine = epoch;
      learnt = true;
    }
  }
  return learnt;
}

u32 At(const Model& m, u32 slot) { return m.count(slot) != 0 ? m.at(slot) : 0; }

void ExpectSame(const Clock& clock, const Model& model) {
  for (u32 slot = 0; slot < kSlots; slot++) ASSERT_EQ(clock.at[slot], At(model, slot)) << slot;
  for (u32 slot = clock.size; slot < kClockCapacity; slot++) ASSERT_EQ(clock.at[slot], 0u);
  ASSERT_EQ(clock.size % kClockStep, 0u);
}

TEST(Clock, RaiseAndJoinAgreeWithMaps) {
  constexpr int kClocks = 5;
  std::mt19937 random(5);
  for (int round = 0; round < 50; round++) {
    Clock clocks[kClocks] = {};
    Model models[kClocks];
    const u32 slots = round % 2 == 0 ? 20 : kSlots;
    for (int step = 0; step < 200; step++) {
      const u32 i = random() % kClocks;
      const u32 k = random() % kClocks;
      if (random() % 2 == 0) {
        const u32 slot = random() % slots;
        const u32 epoch = random() % kMaxEpoch;
        clocks[i].Raise(slot, epoch);
        u32& mine = models[i][slot];
        mine = std::max(mine, epoch);
      } else if (i != k) {
        if (clocks[i].size < clocks[k].size) clocks[i].size = clocks[k].size;
        const bool learnt = JoinInto(clocks[i].at, clocks[k].at, clocks[k].size);
        EXPECT_EQ(learnt, JoinModel(&models[i], models[k]));
      }
      ExpectSame(clocks[i], models[i]);
      const u32 slot = random() % slots;
      const u32 epoch = 1 + random() % (kMaxEpoch - 1);
      EXPECT_EQ(clocks[i].Knows(MakeWord(slot, epoch, 1 + random() % 15)),
                epoch <= At(models[i], slot));
    }
  }
}

TEST(Clock, CopyTakesWhatTheSizeSays) {
  Clock from = {};
  Clock to = {};
  from.Raise(3, 7);
  from.Raise(40, 9);
  CopyInto(to.at, from.at, from.size);
  EXPECT_EQ(to.at[3], 7u);
  EXPECT_EQ(to.at[40], 9u);
  EXPECT_EQ(from.size, 48u);
}

}  // namespace
}  // namespace csan
