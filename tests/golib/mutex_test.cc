#include <csan/go.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "wait.h"

namespace {

using namespace std::chrono_literals;

TEST(Mutex, Excludes) {
  constexpr int kParties = 8, kEach = kSlow ? 300 : 20'000;
  csan::Mutex mutex;
  csan::WaitGroup group;
  int count = 0;
  for (int i = 0; i < kParties; i++) {
    group.Go([&, i] {
      for (int j = 0; j < kEach; j++) {
        const std::lock_guard guard(mutex);
        const int before = count;
        if ((i + j) % 64 == 0) csan::Yield();
        count = before + 1;
      }
    });
  }
  std::thread thread([&] {
    for (int j = 0; j < kEach; j++) {
      const std::lock_guard guard(mutex);
      count++;
    }
  });
  thread.join();
  group.Wait();
  EXPECT_EQ(count, (kParties + 1) * kEach);
}

TEST(Mutex, TryLockDoesNotWait) {
  csan::Mutex mutex;
  EXPECT_TRUE(mutex.TryLock());
  csan::WaitGroup group;
  group.Go([&] { EXPECT_FALSE(mutex.TryLock()); });
  group.Wait();
  mutex.Unlock();
  EXPECT_TRUE(mutex.TryLock());
  mutex.Unlock();
}

// One that locks again and again does not keep it from others.
TEST(Mutex, StarvesNobody) {
  csan::Mutex mutex;
  csan::WaitGroup group;
  std::atomic<int> others{0};
  for (int i = 0; i < 3; i++) {
    group.Go([&] {
      for (int j = 0; j < 5; j++) {
        const std::lock_guard guard(mutex);
        others++;
      }
    });
  }
  group.Go([&] {
    while (others != 15) {
      const std::lock_guard guard(mutex);
      csan::Sleep(200us);
    }
  });
  group.Wait();
}

TEST(Mutex, IsHandedOutOfItsScope) {
  for (int i = 0; i < (kSlow ? 100 : 2000); i++) {
    auto mutex = std::make_unique<csan::Mutex>();
    csan::WaitGroup group;
    mutex->Lock();
    group.Go([&mutex = *mutex] {
      mutex.Lock();
      mutex.Unlock();
    });
    mutex->Unlock();
    group.Wait();
    mutex.reset();
  }
}

#ifndef __SANITIZE_CONCURRENCY__  // to which it is a finding
TEST(Mutex, MisusePanics) {
  csan::Mutex mutex;
  EXPECT_THROW(mutex.Unlock(), csan::Panic);
}
#endif

}  // namespace
