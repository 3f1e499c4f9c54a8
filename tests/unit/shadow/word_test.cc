#include "shadow/word.h"

#include <gtest/gtest.h>

#include <random>

#include "shadow/cell.h"
#include "shadow/shadow.h"

namespace csan {
namespace {

constexpr u32 kSomeEpochs[] = {1, 2, 15, 16, 4095, 4096, 65535, kMaxEpoch - 1, kMaxEpoch};

TEST(Word, ItsFieldsComeBack) {
  for (u32 slot = 0; slot < kSlots; slot++) {
    for (const u32 epoch : kSomeEpochs) {
      for (u32 mask = 0; mask <= kFullMask; mask++) {
        const Word w = MakeWord(slot, epoch, mask);
        ASSERT_EQ(SlotOf(w), slot);
        ASSERT_EQ(EpochOf(w), epoch);
        ASSERT_EQ(MaskOf(w), mask);
        ASSERT_TRUE(IsPlain(w));
        ASSERT_NE(w, 0u);
      }
    }
  }
}

// A word means one thing only, whatever its bits.
TEST(Word, TheFormsExcludeOneAnother) {
  const auto forms = [](Word w) {
    return int{IsPlain(w)} + int{IsCell(w)} + int{IsSet(w)} + int{w == kFreed} + int{w == kNoEpoch};
  };
  std::mt19937 random(1);
  for (int i = 0; i < 1000000; i++) ASSERT_LE(forms(random()), 1);
  for (u32 slot = 0; slot < kSlots; slot++) ASSERT_EQ(forms(MakeWord(slot, 1, kFullMask)), 1);
  for (const u32 index : {1u, 2u, (1u << kSetIndexBits) - 1}) {
    EXPECT_EQ(forms(kSetTag | index), 1);
    EXPECT_TRUE(IsSet(kSetTag | index));
    EXPECT_EQ(SetIndex(kSetTag | index), index);
  }
  for (const u32 index : {1u, 2u, (1u << kCellIndexBits) - 1}) {
    EXPECT_EQ(forms(kCellTag | index), 1);
    EXPECT_TRUE(IsCell(kCellTag | index));
    EXPECT_EQ(CellIndex(kCellTag | index), index);
  }
  EXPECT_EQ(forms(kFreed), 1);
  EXPECT_EQ(forms(kNoEpoch), 1);
}

TEST(Word, SameEpochComparesSlotAndEpochOnly) {
  std::mt19937 random(2);
  for (int i = 0; i < 100000; i++) {
    const auto any = [&] {
      return MakeWord(random() % 3, kSomeEpochs[random() % std::size(kSomeEpochs)],
                      random() & kFullMask);
    };
    const Word a = any();
    const Word b = any();
    ASSERT_EQ(SameEpoch(a, b), SlotOf(a) == SlotOf(b) && EpochOf(a) == EpochOf(b));
  }
}

TEST(Word, DoubledIsTheWordOfBothGranules) {
  const Word pair[2] = {MakeWord(7, 99, kFullMask), MakeWord(7, 99, kFullMask)};
  u64 both;
  __builtin_memcpy(&both, pair, sizeof(both));
  EXPECT_EQ(Doubled(pair[0]), both);
}

TEST(Shadow, MaskInIsTheBytesOfTheRange) {
  constexpr uptr kGranuleAt = 0x7B9000000010;
  for (uptr addr = kGranuleAt - 6; addr < kGranuleAt + kGranule; addr++) {
    for (uptr end = addr + 1; end < kGranuleAt + 12; end++) {
      if (end <= kGranuleAt) continue;
      u32 mask = 0;
      for (uptr byte = 0; byte < kGranule; byte++) {
        if (kGranuleAt + byte >= addr && kGranuleAt + byte < end) mask |= 1u << byte;
      }
      ASSERT_EQ(MaskIn(kGranuleAt, addr, end), mask)
          << addr - kGranuleAt << " " << end - kGranuleAt;
    }
  }
}

// The inlined check loads the words of two granules at once.
TEST(Shadow, WordsOfNeighboursAreNeighbours) {
  for (const uptr addr : {uptr{0x551000000000}, uptr{0x59FFFFFFFFF8}, uptr{0x7A0000000000}}) {
    EXPECT_EQ(WriteWord(addr) + 1, WriteWord(addr + kGranule));
    EXPECT_EQ(ReadWord(addr) + 1, ReadWord(addr + kGranule));
    EXPECT_EQ(reinterpret_cast<uptr>(WriteWord(addr)) % 8, 0u);
    EXPECT_EQ(reinterpret_cast<uptr>(ReadWord(addr)) % 8, 0u);
  }
}

TEST(Cell, ConflictsAreThoseOfTheMemoryModel) {
  const struct {
    u8 a, b;
    bool conflict;
  } table[] = {
      {kPlainRead, kPlainRead, false},    {kPlainRead, kPlainWrite, true},
      {kPlainRead, kAtomicRead, false},   {kPlainRead, kAtomicWrite, true},
      {kPlainWrite, kPlainWrite, true},   {kPlainWrite, kAtomicRead, true},
      {kPlainWrite, kAtomicWrite, true},  {kAtomicRead, kAtomicRead, false},
      {kAtomicRead, kAtomicWrite, false}, {kAtomicWrite, kAtomicWrite, false},
  };
  for (const auto& row : table) {
    EXPECT_EQ(Conflicting(row.a, row.b), row.conflict) << int{row.a} << " " << int{row.b};
    EXPECT_EQ(Conflicting(row.b, row.a), row.conflict) << int{row.b} << " " << int{row.a};
  }
}

}  // namespace
}  // namespace csan
