// Sizes and numbers of blocks against a search and a division.
#include "memory/size_class.h"

#include <gtest/gtest.h>

#include <random>

namespace csan {
namespace {

TEST(SizeClass, IsTheFirstThatIsLargeEnough) {
  u32 c = 0;
  for (uptr size = 0; size <= kLargeMin; size++) {
    while (kSizeClasses.size[c] < size) c++;
    ASSERT_EQ(ClassOf(size), c) << size;
  }
  EXPECT_EQ(c, kHeapClasses - 1);
}

TEST(SizeClass, LeavesLessThanAFifthOfALargerBlock) {
  for (uptr size = 257; size <= kLargeMin; size++) {
    const uptr block = kSizeClasses.size[ClassOf(size)];
    ASSERT_LT((block - size) * 5, block) << size;
  }
}

TEST(SizeClass, BlocksAreNumberedAsADivisionDoes) {
  std::mt19937_64 random(1);
  for (u32 c = 0; c < kHeapClasses; c++) {
    const uptr size = kSizeClasses.size[c];
    const uptr last = kHeapRegion / size - 1;
    for (int i = 0; i < 20000; i++) {
      const uptr block = i < 2 ? (i == 0 ? 0 : last) : random() % (last + 1);
      for (const uptr within : {uptr{0}, random() % size, size - 1}) {
        ASSERT_EQ(BlockAt(c, block * size + within), block) << "of " << size << " bytes";
      }
    }
  }
}

}  // namespace
}  // namespace csan
