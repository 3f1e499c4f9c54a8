#include <csan/go.h>
#include <gtest/gtest.h>

#include <atomic>

#include "wait.h"

namespace {

using namespace std::chrono_literals;

TEST(Semaphore, LetsInSoMany) {
  csan::Semaphore semaphore(3);
  csan::WaitGroup group;
  std::atomic<int> in{0};
  std::atomic<int> most{0};
  for (int i = 0; i < 20; i++) {
    group.Go([&] {
      for (int j = 0; j < 50; j++) {
        semaphore.Acquire();
        const int now = ++in;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        csan::Yield();
        in--;
        semaphore.Release();
      }
    });
  }
  group.Wait();
  EXPECT_LE(most, 3);
}

TEST(Semaphore, OfOneIsALock) {
  csan::Semaphore semaphore(1);
  csan::WaitGroup group;
  int count = 0;
  for (int i = 0; i < 8; i++) {
    group.Go([&] {
      for (int j = 0; j < 200; j++) {
        semaphore.Acquire();
        count++;
        semaphore.Release();
      }
    });
  }
  group.Wait();
  EXPECT_EQ(count, 1600);
}

TEST(Semaphore, WhoNeedsManyIsNotOvertaken) {
  csan::Semaphore semaphore(3);
  semaphore.Acquire(2);
  csan::WaitGroup group;
  std::atomic<bool> had{false};
  group.Go([&] {
    semaphore.Acquire(3);
    had = true;
    semaphore.Release(3);
  });
  while (semaphore.TryAcquire()) {
    semaphore.Release();
    csan::Sleep(100us);
  }
  group.Go([&] {
    semaphore.Acquire();
    EXPECT_TRUE(had);
    semaphore.Release();
  });
  csan::Sleep(2ms);
  EXPECT_FALSE(had);
  semaphore.Release(2);
  group.Wait();
}

TEST(Semaphore, MisusePanics) {
  csan::Semaphore semaphore(2);
  EXPECT_THROW(semaphore.Release(), csan::Panic);
  EXPECT_THROW(semaphore.Acquire(3), csan::Panic);
  EXPECT_FALSE(semaphore.TryAcquire(3));
}

}  // namespace
