// Another file of the same program, which includes the header too; its race follows a failure of its own.
#include <csan/gtest.h>

#include "../e2e/support/order.h"

namespace {

int level;

TEST(Gauge, FailsAndRaces) {
  EXPECT_EQ(level, 1) << "the test's own failure";
  InTurn([] { level++; }, [] { level++; });
}

TEST(Gauge, Waits) { EXPECT_EQ(level, 2); }

}  // namespace
