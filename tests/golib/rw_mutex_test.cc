#include <csan/go.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <shared_mutex>
#include <thread>

#include "wait.h"

namespace {

using namespace std::chrono_literals;

TEST(RWMutex, ExcludesWritersFromAll) {
  constexpr int kEach = kSlow ? 200 : 10'000;
  csan::RWMutex mutex;
  csan::WaitGroup group;
  std::array<int, 16> same{};
  for (int w = 0; w < 3; w++) {
    group.Go([&] {
      for (int i = 0; i < kEach; i++) {
        const std::unique_lock guard(mutex);
        for (int& one : same) one++;
        if (i % 64 == 0) csan::Yield();
      }
    });
  }
  const auto read = [&] {
    for (int i = 0; i < kEach; i++) {
      const std::shared_lock guard(mutex);
      const int first = same[0];
      if (i % 64 == 0) csan::Yield();
      for (const int one : same) EXPECT_EQ(one, first);
    }
  };
  for (int r = 0; r < 5; r++) group.Go(read);
  std::thread thread(read);
  thread.join();
  group.Wait();
  EXPECT_EQ(same[15], 3 * kEach);
}

TEST(RWMutex, ReadersAreThereTogether) {
  csan::RWMutex mutex;
  csan::WaitGroup group;
  const auto there = csan::MakeChan<csan::Unit>();
  mutex.RLock();
  group.Go([&] {
    const std::shared_lock guard(mutex);
    there.Send({});
  });
  there.Receive();
  EXPECT_FALSE(mutex.TryLock());
  EXPECT_TRUE(mutex.TryRLock());
  mutex.RUnlock();
  mutex.RUnlock();
  group.Wait();
  EXPECT_TRUE(mutex.TryLock());
  EXPECT_FALSE(mutex.TryRLock());
  mutex.Unlock();
}

TEST(RWMutex, PrefersWriters) {
  csan::RWMutex mutex;
  csan::WaitGroup group;
  mutex.RLock();
  std::atomic<bool> written{false};
  group.Go([&] {
    const std::unique_lock guard(mutex);
    written = true;
  });
  // Until it waits.
  while (mutex.TryRLock()) {
    mutex.RUnlock();
    csan::Sleep(100us);
  }
  group.Go([&] {
    const std::shared_lock guard(mutex);
    EXPECT_TRUE(written);
  });
  csan::Sleep(5ms);
  EXPECT_FALSE(written);
  mutex.RUnlock();
  group.Wait();
}

#ifndef __SANITIZE_CONCURRENCY__  // to which it is a finding
TEST(RWMutex, MisusePanics) {
  csan::RWMutex mutex;
  EXPECT_THROW(mutex.Unlock(), csan::Panic);
  EXPECT_THROW(mutex.RUnlock(), csan::Panic);
  mutex.RLock();
  EXPECT_THROW(mutex.Unlock(), csan::Panic);
  mutex.RUnlock();
}
#endif

}  // namespace
