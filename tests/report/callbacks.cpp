// Tests of somebody's project, one of which has a race: told by a callback, it fails by name.
#include <csan/report.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdio>
#include <mutex>
#include <thread>

#include "../e2e/support/order.h"

namespace {

std::mutex reports_lock;
int reports;

void Note() {
  // Seen, the counter would be a race of its own, for nothing orders those who report.
  std::lock_guard<std::mutex> guard(reports_lock);
  reports++;
}

int guarded, open_, other;
std::mutex lock;

TEST(Meter, CountsWithALock) {
  const auto count = [] {
    std::lock_guard<std::mutex> guard(lock);
    guarded++;
  };
  InTurn(count, count);
  EXPECT_EQ(guarded, 2);
}

// Two threads report, and nothing orders them.
TEST(Meter, CountsWithoutALock) {
  std::thread a([] { open_ = other = 1, ReachStep(2001), AwaitStep(2003); });
  std::thread b([] {
    AwaitStep(2001);
    volatile int& number = errno;
    number = 5;
    open_ = 2;
    EXPECT_EQ(number, 5) << "an access changed errno";
    ReachStep(2002), AwaitStep(2003);
  });
  std::thread c([] { AwaitStep(2002), other = 2, ReachStep(2003); });
  a.join();
  b.join();
  c.join();
  EXPECT_EQ(open_ + other, 4);
  EXPECT_EQ(reports, 2);
}

TEST(Meter, CountsWithALockAgain) {
  const auto count = [] {
    std::lock_guard<std::mutex> guard(lock);
    guarded++;
  };
  InTurn(count, count);
}

}  // namespace

#ifdef OF_TSAN
extern "C" void __tsan_on_report(void* report) {
  EXPECT_EQ(report, nullptr);
  ADD_FAILURE() << "a finding";
  Note();
}
#else
extern "C" void __csan_on_report(const char* record) {
  ADD_FAILURE() << "a finding: " << record;
  Note();
  errno = 77;
  if (FILE* file = std::fopen(CALLBACK_RECORDS, "a")) {
    std::fputs(record, file);
    std::fclose(file);
  }
}
#endif
