#include "base/spin_lock.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace csan {
namespace {

TEST(SpinLock, ExcludesOthers) {
  SpinLock lock;
  long sum = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; t++) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50000; i++) {
        SpinGuard guard(lock);
        sum++;
      }
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(sum, 200000);
}

TEST(SpinLock, TryLockFailsOnlyWhileHeld) {
  SpinLock lock;
  EXPECT_TRUE(lock.TryLock());
  EXPECT_FALSE(lock.TryLock());
  lock.Unlock();
  EXPECT_TRUE(lock.TryLock());
}

}  // namespace
}  // namespace csan
