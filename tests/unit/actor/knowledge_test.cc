#include "actor/knowledge.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "shadow/word.h"

namespace csan {
namespace {

constexpr u32 kFewSlots = 3;
constexpr u32 kEpochs = 40;

// An actor as what it is: the epochs that it knows, slot by slot, and up to which it knows them firmly.
struct Model {
  std::map<u32, std::set<u32>> known;
  std::map<u32, u32> firm;
};

// One that may be put aside.
struct Someone {
  Knowledge* whole = NewKnowledge();
  Aside* aside = nullptr;
  Model model;

  void PutAside() {
    if (whole == nullptr) return;
    aside = MakeAside(*whole);
    FreeEmptied(whole);
    whole = nullptr;
  }
  void Restore() {
    if (whole != nullptr) return;
    whole = MakeWhole(*aside);
    FreeEmptied(aside);
    aside = nullptr;
  }
  void Expect() {
    for (u32 slot = 0; slot < kFewSlots; slot++) {
      for (u32 epoch = 1; epoch <= kEpochs; epoch++) {
        const Word word = MakeWord(slot, epoch, kFullMask);
        ASSERT_EQ(whole->clock.Knows(word) || Contains(whole->clock.islands, word),
                  model.known[slot].count(epoch) != 0)
            << "slot " << slot << " epoch " << epoch;
      }
      ASSERT_EQ(whole->firm.at[slot], model.firm[slot]);
    }
  }
};

void Learn(Someone* who, std::mt19937& random) {
  const u32 slot = random() % kFewSlots;
  const u32 from = 1 + random() % kEpochs;
  const u32 to = std::min<u32>(kEpochs, from + random() % 4);
  Clock& clock = who->whole->clock;
  AddIsland(clock.at, &clock.islands, {slot, from, to});
  for (u32 epoch = from; epoch <= to; epoch++) who->model.known[slot].insert(epoch);
  if (random() % 2 == 0 && who->model.firm[slot] < to) {
    who->whole->firm.at[slot] = who->model.firm[slot] = to;
  }
}

TEST(Knowledge, PutAsideAndMadeWholeAgreesWithSetsOfEpochs) {
  std::mt19937 random(5);
  for (int round = 0; round < 100; round++) {
    Someone all[5];
    for (Someone& who : all) who.whole->clock.size = kClockCapacity;
    for (int step = 0; step < 100; step++) {
      Someone& who = all[random() % 5];
      const u32 what = random() % 8;
      if (what < 3) {
        who.PutAside();
        continue;
      }
      who.Restore();
      Someone& other = all[random() % 5];
      if (what == 3 && &other != &who && other.whole != nullptr) {
        Join(&who.whole->clock, other.whole->clock);
        for (auto& [slot, epochs] : other.model.known) {
          who.model.known[slot].insert(epochs.begin(), epochs.end());
        }
      } else {
        Learn(&who, random);
      }
      who.Expect();
    }
    for (Someone& who : all) {
      who.Restore();
      who.Expect();
      Free(who.whole);
    }
  }
}

TEST(Knowledge, WhatOthersSeeOfAClockThatIsPutAsideIsTheClock) {
  Someone who;
  for (u32 slot = 0; slot < kSlots; slot++) who.whole->clock.Raise(slot, slot * 3);
  who.PutAside();
  u32 seen[kClockCapacity];
  CopyClock(*who.aside, seen);
  for (u32 slot = 0; slot < kSlots; slot++) EXPECT_EQ(seen[slot], slot * 3);
  EXPECT_EQ(who.aside->size, ClockSizeFor(kSlots - 1));
  who.Restore();
  Free(who.whole);
}

TEST(Knowledge, ManyIslandsAreSharedAgainAfterwards) {
  Someone who;
  who.whole->clock.size = kClockCapacity;
  Clock& clock = who.whole->clock;
  for (u32 i = 0; i < 100; i++) AddIsland(clock.at, &clock.islands, {i, 5, 6});
  const SharedIslands* const shared = clock.islands.list->shared;
  ASSERT_NE(shared, nullptr);
  who.PutAside();
  who.Restore();
  EXPECT_EQ(who.whole->clock.islands.list->shared, shared);
  for (u32 i = 0; i < 100; i++) EXPECT_TRUE(Contains(who.whole->clock.islands, i, 5));
  Free(who.whole);
}

}  // namespace
}  // namespace csan
