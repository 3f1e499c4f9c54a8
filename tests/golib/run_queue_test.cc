#include "golib/run_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <random>
#include <thread>
#include <vector>

#include "golib/goroutine.h"

namespace {

using csan::internal::Goroutine;
using csan::internal::GoroutineList;
using csan::internal::RunQueue;

// Goroutines as things to be queued; they never run.
class Things {
 public:
  explicit Things(std::size_t count) : bytes_(count * sizeof(Goroutine)) {}
  Goroutine* operator[](std::size_t i) {
    return reinterpret_cast<Goroutine*>(bytes_.data() + i * sizeof(Goroutine));
  }
  std::size_t IndexOf(const Goroutine* one) {
    return static_cast<std::size_t>(reinterpret_cast<const char*>(one) - bytes_.data()) /
           sizeof(Goroutine);
  }

 private:
  std::vector<char> bytes_;
};

TEST(RunQueue, IsFirstInFirstOutAsAQueueIs) {
  Things things(300);
  RunQueue queue;
  std::deque<Goroutine*> reference;
  std::minstd_rand random(1);
  std::size_t next = 0;
  for (int i = 0; i < 100'000; i++) {
    if (random() % 2 == 0 && reference.size() < 250) {
      GoroutineList overflow;
      queue.Push(things[next % 300], overflow);
      EXPECT_EQ(overflow.first, nullptr);
      reference.push_back(things[next++ % 300]);
    } else if (reference.empty()) {
      EXPECT_EQ(queue.Pop(), nullptr);
      EXPECT_TRUE(queue.Empty());
    } else {
      EXPECT_EQ(queue.Pop(), reference.front());
      reference.pop_front();
    }
  }
}

TEST(RunQueue, HandsOutHalfWhenFull) {
  Things things(257);
  RunQueue queue;
  GoroutineList overflow;
  for (std::size_t i = 0; i < 257; i++) queue.Push(things[i], overflow);
  EXPECT_EQ(overflow.count, 129u);
  for (std::size_t i = 0; i < 128; i++) EXPECT_EQ(overflow.Pop(), things[i]);
  EXPECT_EQ(overflow.Pop(), things[256]);
  for (std::size_t i = 128; i < 256; i++) EXPECT_EQ(queue.Pop(), things[i]);
  EXPECT_TRUE(queue.Empty());
}

TEST(RunQueue, NothingIsLostOrDoubledByThieves) {
  constexpr std::size_t kThings = 200'000;
  Things things(kThings);
  RunQueue queue;
  std::vector<std::atomic<int>> seen(kThings);
  std::atomic<bool> done{false};
  const auto see = [&](Goroutine* one) { seen[things.IndexOf(one)]++; };
  std::vector<std::thread> thieves;
  for (int i = 0; i < 3; i++) {
    thieves.emplace_back([&] {
      RunQueue own;
      for (bool last = false;;) {
        if (Goroutine* const one = own.StealFrom(queue)) {
          see(one);
          while (Goroutine* const more = own.Pop()) see(more);
        } else if (last) {
          break;
        }
        last = done;
      }
    });
  }
  for (std::size_t i = 0; i < kThings; i++) {
    GoroutineList overflow;
    queue.Push(things[i], overflow);
    while (Goroutine* const one = overflow.Pop()) see(one);
    if (i % 3 == 0) {
      if (Goroutine* const one = queue.Pop()) see(one);
    }
  }
  done = true;
  for (std::thread& thief : thieves) thief.join();
  while (Goroutine* const one = queue.Pop()) see(one);
  for (std::size_t i = 0; i < kThings; i++) ASSERT_EQ(seen[i], 1) << i;
}

}  // namespace
