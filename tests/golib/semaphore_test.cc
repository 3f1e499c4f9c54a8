#include <csan/go.h>
#include <gtest/gtest.h>

#include <atomic>

#include "wait.h"

namespace {

using namespace std::chrono_literals;

// Until somebody waits: then nobody else gets any of the units that are free, of which there must be some.
void WaitUntilQueued(csan::Semaphore& semaphore) {
  while (semaphore.TryAcquire()) {
    semaphore.Release();
    csan::Yield();
  }
}

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
  WaitUntilQueued(semaphore);
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

TEST(Semaphore, ContextEndsTheWait) {
  csan::Semaphore semaphore(3);
  semaphore.Acquire(2);
  const auto [context, cancel] = csan::WithCancel({});
  csan::WaitGroup group;
  const auto ends = csan::MakeChan<csan::ContextError>(1);
  group.Go([&, &limit = context] { ends.Send(semaphore.Acquire(limit, 2)); });
  WaitUntilQueued(semaphore);
  cancel();
  EXPECT_EQ(ends.Receive(), csan::ContextError::kCanceled);
  EXPECT_EQ(semaphore.Acquire(context), csan::ContextError::kCanceled);
  semaphore.Release(2);
  EXPECT_EQ(semaphore.Acquire(csan::Background(), 3), csan::ContextError::kNone);
  EXPECT_FALSE(semaphore.TryAcquire());
  group.Wait();
}

TEST(Semaphore, WhoGivesUpLetsThoseBehindGoOn) {
  csan::Semaphore semaphore(3);
  semaphore.Acquire(2);
  csan::WaitGroup group;
  const auto [context, cancel] = csan::WithCancel({});
  group.Go([&, &limit = context] {
    EXPECT_EQ(semaphore.Acquire(limit, 2), csan::ContextError::kCanceled);
  });
  WaitUntilQueued(semaphore);
  // One unit is free, but not its turn before the other has given up.
  group.Go([&] { semaphore.Acquire(); });
  cancel();
  group.Wait();
  semaphore.Release(3);
}

TEST(Semaphore, DeadlineEndsTheWait) {
  csan::Semaphore semaphore(1);
  semaphore.Acquire();
  const auto [context, cancel] = csan::WithTimeout({}, 1ms);
  EXPECT_EQ(semaphore.Acquire(context), csan::ContextError::kDeadlineExceeded);
  cancel();
}

TEST(Semaphore, ReleaseAndCancelAtOnceLoseNoUnit) {
  for (int round = 0; round < 300; round++) {
    csan::Semaphore semaphore(1);
    semaphore.Acquire();
    const auto [context, cancel] = csan::WithCancel({});
    csan::WaitGroup group;
    for (int i = 0; i < 3; i++) {
      group.Go([&, &limit = context] {
        if (semaphore.Acquire(limit) == csan::ContextError::kNone) semaphore.Release();
      });
    }
    group.Go([&] { semaphore.Release(); });
    csan::Yield();
    cancel();
    group.Wait();
    EXPECT_TRUE(semaphore.TryAcquire());
    semaphore.Release();
  }
}

TEST(Semaphore, MisusePanics) {
  csan::Semaphore semaphore(2);
  EXPECT_THROW(semaphore.Release(), csan::Panic);
  EXPECT_THROW(semaphore.Acquire(3), csan::Panic);
  EXPECT_FALSE(semaphore.TryAcquire(3));
}

}  // namespace
