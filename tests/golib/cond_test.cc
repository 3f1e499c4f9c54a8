#include <csan/go.h>
#include <gtest/gtest.h>

#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "wait.h"

namespace {

using namespace std::chrono_literals;

// A bounded queue.
TEST(Cond, ConditionsComeTrue) {
  constexpr int kEach = kSlow ? 200 : 5'000;
  csan::Mutex mutex;
  csan::Cond not_empty(mutex), not_full(mutex);
  std::deque<int> queue;
  csan::WaitGroup group;
  long sum = 0;
  const auto put = [&] {
    for (int i = 1; i <= kEach; i++) {
      const std::lock_guard guard(mutex);
      not_full.Wait([&] { return queue.size() < 4; });
      queue.push_back(i);
      not_empty.Signal();
    }
  };
  for (int p = 0; p < 2; p++) group.Go(put);
  std::thread thread(put);
  for (int p = 0; p < 3; p++) {
    group.Go([&] {
      for (int i = 0; i < kEach; i++) {
        const std::lock_guard guard(mutex);
        not_empty.Wait([&] { return !queue.empty(); });
        sum += queue.front();
        queue.pop_front();
        not_full.Signal();
      }
    });
  }
  thread.join();
  group.Wait();
  EXPECT_EQ(sum, 3L * kEach * (kEach + 1) / 2);
}

TEST(Cond, SignalWakesTheFirstAndBroadcastAll) {
  csan::Mutex mutex;
  csan::Cond cond(mutex);
  csan::WaitGroup group;
  std::vector<int> woken;
  int waiting = 0;
  for (int i = 0; i < 5; i++) {
    group.Go([&, i] {
      const std::lock_guard guard(mutex);
      waiting++;
      cond.Wait();
      woken.push_back(i);
    });
    // It has the lock until it waits.
    for (bool there = false; !there; csan::Yield()) {
      const std::lock_guard guard(mutex);
      there = waiting == i + 1;
    }
  }
  for (std::size_t i = 1; i <= 2; i++) {
    cond.Signal();
    for (bool there = false; !there; csan::Yield()) {
      const std::lock_guard guard(mutex);
      there = woken.size() == i;
    }
  }
  EXPECT_EQ(woken, (std::vector<int>{0, 1}));
  cond.Broadcast();
  group.Wait();
  EXPECT_EQ(woken.size(), 5u);
}

#ifndef __SANITIZE_CONCURRENCY__  // to which it is a finding
TEST(Cond, WithoutTheMutexPanics) {
  csan::Mutex mutex;
  csan::Cond cond(mutex);
  EXPECT_THROW(cond.Wait(), csan::Panic);
  cond.Signal();
}
#endif

}  // namespace
