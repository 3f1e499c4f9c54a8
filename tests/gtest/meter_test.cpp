// Tests of somebody's project. The second has a race, the fourth a death test that has one.
#include <csan/gtest.h>

#include <cstdlib>
#include <mutex>

#include "../e2e/support/order.h"

namespace {

int total, other;
std::mutex lock;

void Count() { total++; }
void CountOther() { other++; }
void CountWithLock() {
  std::lock_guard<std::mutex> guard(lock);
  total++;
}

TEST(Meter, CountsWithALock) { InTurn(CountWithLock, CountWithLock); }

TEST(Meter, CountsWithoutALock) { InTurn(Count, Count); }

TEST(Meter, DiesCleanly) {
  EXPECT_EXIT((InTurn(CountWithLock, CountWithLock), std::exit(3)), testing::ExitedWithCode(3), "");
}

TEST(Meter, DiesWithARace) {
  EXPECT_EXIT((InTurn(CountOther, CountOther), std::exit(0)), testing::ExitedWithCode(66), "data race");
}

TEST(Meter, Aborts) { EXPECT_DEATH(std::abort(), ""); }

}  // namespace
