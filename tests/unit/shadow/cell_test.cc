// Cells against a model that keeps, for each byte, who did what to it.
#include "shadow/cell.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <thread>
#include <tuple>
#include <vector>

#include "plane.h"

namespace csan {
namespace {

// An epoch's access to one byte of a unit.
struct Fact {
  Word epoch;
  u32 byte;
  u8 kind;
  bool operator<(const Fact& o) const {
    return std::tie(epoch, byte, kind) < std::tie(o.epoch, o.byte, o.kind);
  }
  bool operator==(const Fact& o) const {
    return std::tie(epoch, byte, kind) == std::tie(o.epoch, o.byte, o.kind);
  }
};
using Facts = std::set<Fact>;

void PrintTo(const Fact& f, std::ostream* out) {
  *out << "slot " << SlotOf(f.epoch) << " epoch " << EpochOf(f.epoch) << " byte " << f.byte
       << " kind " << int{f.kind};
}

// A plain read of bytes that the epoch wrote says nothing more.
Facts WithoutCovered(const Facts& facts) {
  Facts left;
  for (const Fact& f : facts) {
    if (f.kind == kPlainRead && facts.count({f.epoch, f.byte, kPlainWrite}) != 0) continue;
    left.insert(f);
  }
  return left;
}

void AddWord(Facts* facts, Word w, u32 first_byte, u8 kind) {
  for (u32 i = 0; i < kGranule; i++) {
    if ((MaskOf(w) >> i & 1) != 0) facts->insert({w & ~kFullMask, first_byte + i, kind});
  }
}

Facts FactsOf(const CellList& list) {
  Facts facts;
  for (u32 i = 0; i < list.n; i++) {
    const Word epoch = EpochIn(list.at[i]);
    EXPECT_EQ(MaskOf(epoch), 0u);
    for (u32 byte = 0; byte < kUnit; byte++) {
      if ((list.at[i].mask >> byte & 1) != 0) facts.insert({epoch, byte, list.at[i].kind});
    }
  }
  return facts;
}

Facts FactsOf(Cell* cell) {
  static CellList list;
  LoadCell(cell, &list);
  return FactsOf(list);
}

// What both planes say of a unit without a cell.
Facts FactsOfWords(uptr unit) {
  Facts facts;
  for (u32 byte = 0; byte < kUnit; byte += kGranule) {
    AddWord(&facts, *WriteWord(unit + byte), byte, kPlainWrite);
    AddWord(&facts, *ReadWord(unit + byte), byte, kPlainRead);
  }
  return facts;
}

class CellTest : public testing::Test {
 protected:
  void SetUp() override {
    static const bool done = (InitWordSets(), InitCells(), InitStamps(), true);
    static_cast<void>(done);
    MapPlane();
    before_ = CellsInUse();
  }
  void TearDown() override {
    for (uptr unit = kPlaneBegin; unit < kPlaneBegin + kUnits * kUnit; unit += kUnit) {
      if (Cell* cell = LockCell(unit, false)) DropCell(cell, 0, 0);
    }
    EXPECT_EQ(CellsInUse(), before_) << "a cell or its overflow was lost";
  }
  Word AnyEpoch() { return MakeWord(random_() % 5, 1 + random_() % 3, 0); }
  CellEntry AnyEntry() {
    return {AnyEpoch(), static_cast<u8>(1 + random_() % 255), static_cast<u8>(random_() % 4), 0};
  }
  uptr AnyUnit() { return kPlaneBegin + random_() % kUnits * kUnit; }

  static constexpr u32 kUnits = 16;
  std::mt19937 random_{5};
  u64 before_ = 0;
};

TEST_F(CellTest, AUnitHasNoneUntilOneIsMade) {
  EXPECT_EQ(LockCell(kPlaneBegin, false), nullptr);
  Cell* cell = LockCell(kPlaneBegin, true);
  ASSERT_NE(cell, nullptr);
  EXPECT_TRUE(FactsOf(cell).empty());
  UnlockCell(cell);
  EXPECT_EQ(LockCell(kPlaneBegin, false), cell);
  UnlockCell(cell);
  EXPECT_EQ(LockCell(kPlaneBegin + kUnit, false), nullptr) << "the neighbour has none";
  for (const uptr granule : {kPlaneBegin, kPlaneBegin + kGranule}) {
    EXPECT_TRUE(IsCell(*WriteWord(granule)));
    EXPECT_TRUE(IsCell(*ReadWord(granule)));
  }
}

TEST_F(CellTest, FreedMemoryGetsNone) {
  *WriteWord(kPlaneBegin) = kFreed;
  EXPECT_EQ(LockCell(kPlaneBegin, true), nullptr);
  EXPECT_EQ(*WriteWord(kPlaneBegin), kFreed);
  Cell* cell = LockCell(kPlaneBegin + kUnit, true);
  DropCell(cell, kFreed, 0);
  EXPECT_EQ(LockCell(kPlaneBegin + kUnit, true), nullptr);
}

TEST_F(CellTest, ANewOneTakesOverWhatTheWordsSaid) {
  for (int i = 0; i < 20000; i++) {
    const uptr unit = AnyUnit();
    if (Cell* old = LockCell(unit, false)) DropCell(old, 0, 0);
    Facts wanted;
    for (u32 byte = 0; byte < kUnit; byte += kGranule) {
      const auto any = [&](u8 kind) {
        WordList list;
        while (random_() % 3 != 0) {
          const Word w = AnyEpoch() | (1 + random_() % kFullMask);
          bool known = false;
          for (u32 k = 0; k < list.n; k++) known |= SameEpoch(list.at[k], w);
          if (!known) list.Add(w), AddWord(&wanted, w, byte, kind);
        }
        return Intern(&list, true);
      };
      *WriteWord(unit + byte) = any(kPlainWrite);
      *ReadWord(unit + byte) = any(kPlainRead);
    }
    Cell* cell = LockCell(unit, true);
    ASSERT_NE(cell, nullptr);
    ASSERT_EQ(WithoutCovered(FactsOf(cell)), WithoutCovered(wanted));
    UnlockCell(cell);
  }
}

// Lists of any length come back, and change from long to short and back.
TEST_F(CellTest, WhatIsStoredIsLoaded) {
  Facts model[kUnits];
  static CellList list;
  for (int i = 0; i < 20000; i++) {
    const uptr unit = AnyUnit();
    Cell* cell = LockCell(unit, true);
    ASSERT_EQ(FactsOf(cell), model[(unit - kPlaneBegin) / kUnit]);
    list.n = 0;
    const u32 length = random_() % (i % 100 == 0 ? u32{CellList::kCapacity} : 12u);
    while (list.n < length) list.Add(AnyEntry());
    ASSERT_TRUE(StoreCell(cell, list));
    model[(unit - kPlaneBegin) / kUnit] = FactsOf(list);
    UnlockCell(cell);
  }
}

TEST_F(CellTest, DissolvingKeepsWhatWasSaid) {
  static CellList list;
  int dissolved = 0;
  for (int i = 0; i < 50000; i++) {
    const uptr unit = AnyUnit();
    if (Cell* old = LockCell(unit, false)) DropCell(old, 0, 0);
    Cell* cell = LockCell(unit, true);
    list.n = 0;
    // Few epochs and long masks, or it would hardly ever be simple.
    while (random_() % 3 != 0) {
      const u8 masks[] = {0xFF, 0x0F, 0xF0, 0x01, 0x30};
      list.Add({MakeWord(random_() % 2, 1, 0), masks[random_() % 5],
                static_cast<u8>(random_() % (i % 8 == 0 ? 4 : 2)), 0});
    }
    ASSERT_TRUE(StoreCell(cell, list));
    const Facts wanted = WithoutCovered(FactsOf(list));
    DissolveOrUnlock(cell, list);
    if (IsCell(*WriteWord(unit))) {
      cell = LockCell(unit, false);
      ASSERT_NE(cell, nullptr);
      ASSERT_EQ(WithoutCovered(FactsOf(cell)), wanted);
      UnlockCell(cell);
      continue;
    }
    dissolved++;
    ASSERT_EQ(WithoutCovered(FactsOfWords(unit)), wanted);
  }
  EXPECT_GT(dissolved, 1000);
}

TEST_F(CellTest, OneWriteOfAllBytesDissolves) {
  static CellList list;
  Cell* cell = LockCell(kPlaneBegin, true);
  const Word word = MakeWord(3, 7, 0);
  list.n = 1;
  list.at[0] = {word, 0xFF, kPlainWrite, 0};
  ASSERT_TRUE(StoreCell(cell, list));
  DissolveOrUnlock(cell, list);
  EXPECT_EQ(*WriteWord(kPlaneBegin), word | kFullMask);
  EXPECT_EQ(*WriteWord(kPlaneBegin + kGranule), word | kFullMask);
  EXPECT_EQ(CellsInUse(), before_);
}

TEST_F(CellTest, ASynchronisationObjectKeepsItsCell) {
  static CellList list;
  Cell* cell = LockCell(kPlaneBegin, true);
  cell->sync = 42;
  list.n = 0;
  ASSERT_TRUE(StoreCell(cell, list));
  DissolveOrUnlock(cell, list);
  Cell* again = LockCell(kPlaneBegin, false);
  ASSERT_EQ(again, cell);
  EXPECT_EQ(again->sync, 42u);
  again->sync = 0;
  UnlockCell(again);
}

TEST_F(CellTest, DroppingLeavesTheWordsOfTheNewLife) {
  Cell* cell = LockCell(kPlaneBegin, true);
  const Word word = MakeWord(1, 2, kFullMask);
  DropCell(cell, word, kFreed);
  for (const uptr granule : {kPlaneBegin, kPlaneBegin + kGranule}) {
    EXPECT_EQ(*WriteWord(granule), word);
    EXPECT_EQ(*ReadWord(granule), kFreed);
  }
  EXPECT_EQ(LockCell(kPlaneBegin, false), nullptr);
}

// Both may say more than is so (Recorded less), but never the opposite of what is.
TEST_F(CellTest, QuestionsWithoutTheLockAgreeWithTheEntries) {
  static CellList list;
  for (int i = 0; i < 20000; i++) {
    Cell* cell = LockCell(kPlaneBegin, true);
    const Word tag = *WriteWord(kPlaneBegin);
    list.n = 0;
    const u32 length = random_() % 9;
    while (list.n < length) list.Add(AnyEntry());
    ASSERT_TRUE(StoreCell(cell, list));
    UnlockCell(cell);
    for (int k = 0; k < 10; k++) {
      const CellEntry asked = AnyEntry();
      bool recorded = false;
      bool named = false;
      for (u32 j = 0; j < list.n; j++) {
        const CellEntry& e = list.at[j];
        named |= e.word == asked.word;
        recorded |= e.word == asked.word && e.kind == asked.kind && (asked.mask & ~e.mask) == 0;
      }
      const bool whole = list.n <= Cell::kInline;
      const bool says = Recorded(cell, asked.word, asked.mask, asked.kind);
      ASSERT_TRUE(whole ? says == recorded : !says || recorded);
      const bool may = MayNameEpoch(tag, asked.word);
      ASSERT_TRUE(whole ? may == named : may || !named);
    }
  }
}

TEST_F(CellTest, AStampHasTheEpochOfItsEntry) {
  Cell* cell = LockCell(kPlaneBegin, true);
  const Word tag = *WriteWord(kPlaneBegin);
  const Word stamp = TakeStamp(4);
  ASSERT_NE(stamp, 0u);
  const Word first = MakeWord(4, 100, 0);
  const Word second = MakeWord(4, 101, 0);
  SetStamp(StampOf(stamp), first, 0);
  StoreEntry(&cell->at[0], {stamp, 0x0F, kAtomicWrite, 1});
  cell->n = 1;
  UnlockCell(cell);
  EXPECT_TRUE(Recorded(cell, first, 0x03, kAtomicWrite));
  EXPECT_FALSE(Recorded(cell, second, 0x03, kAtomicWrite));
  SetStamp(StampOf(stamp), second, 0);
  EXPECT_FALSE(Recorded(cell, first, 0x03, kAtomicWrite));
  EXPECT_TRUE(Recorded(cell, second, 0x03, kAtomicWrite));
  EXPECT_TRUE(MayNameEpoch(tag, second));
  EXPECT_FALSE(MayNameEpoch(tag, first));
  cell = LockCell(kPlaneBegin, false);
  Facts wanted;
  for (u32 byte = 0; byte < 4; byte++) wanted.insert({second, byte, kAtomicWrite});
  EXPECT_EQ(FactsOf(cell), wanted);
  DropCell(cell, 0, 0);
  EXPECT_EQ(TakeStamp(4), stamp) << "it came back with the cell";
  GiveStamp(stamp);
}

// Threads make, use, dissolve and drop the cells of the same units; memory is recycled under those
// who wait for it.
TEST_F(CellTest, TheLockExcludesOthersAlsoWhenCellsComeAndGo) {
  constexpr int kThreads = 3;
  constexpr u32 kFew = 4;
  constexpr int kRounds = 20000;
  static u64 plain[kFew];
  std::fill(plain, plain + kFew, 0);
  std::vector<std::thread> threads;
  std::vector<std::vector<u64>> done(kThreads, std::vector<u64>(kFew));
  for (int t = 0; t < kThreads; t++) {
    threads.emplace_back([&, t] {
      std::mt19937 random(static_cast<u32>(t));
      CellList list;
      for (int i = 0; i < kRounds; i++) {
        const u32 which = random() % kFew;
        const uptr unit = kPlaneBegin + which * kUnit;
        Cell* cell = LockCell(unit, true);
        ASSERT_NE(cell, nullptr);
        ASSERT_EQ(cell->unit, unit);
        plain[which]++;  // not atomic: this is what the lock is for
        done[static_cast<size_t>(t)][which]++;
        switch (random() % 3) {
          case 0:
            DropCell(cell, 0, 0);
            break;
          case 1:
            list.n = 1;
            list.at[0] = {MakeWord(static_cast<u32>(t), 1, 0), 0xFF, kPlainWrite, 0};
            ASSERT_TRUE(StoreCell(cell, list));
            DissolveOrUnlock(cell, list);
            break;
          default:
            UnlockCell(cell);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (u32 which = 0; which < kFew; which++) {
    u64 sum = 0;
    for (const auto& mine : done) sum += mine[which];
    EXPECT_EQ(plain[which], sum);
  }
}

}  // namespace
}  // namespace csan
