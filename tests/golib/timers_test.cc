#include "golib/timers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <random>
#include <vector>

#include "golib/clock.h"
#include "wait.h"

namespace {

using csan::internal::NowNs;
using csan::internal::Timer;
using csan::internal::Timers;

struct Counting : Timer {
  explicit Counting(std::atomic<int>& the_count)
      : Timer([](Timer& timer) {
          auto& self = static_cast<Counting&>(timer);
          self.count++;
          return self.period_ns != 0;
        }),
        count(the_count) {}
  std::atomic<int>& count;
};

TEST(Timers, FireOrAreRemoved) {
  std::minstd_rand random(3);
  std::atomic<int> fired{0};
  std::vector<std::unique_ptr<Counting>> timers;
  for (int i = 0; i < 3000; i++) {
    timers.push_back(std::make_unique<Counting>(fired));
    Timers::Get().Add(*timers.back(), NowNs() + random() % 50'000'000);
  }
  int removed = 0;
  for (int i = 0; i < 1000; i++) removed += Timers::Get().Remove(*timers[random() % 3000]);
  WaitUntil([&] { return fired + removed == 3000; });
  for (const auto& timer : timers) EXPECT_FALSE(Timers::Get().Remove(*timer));
}

TEST(Timers, RepeatUntilRemoved) {
  std::atomic<int> fired{0};
  Counting timer(fired);
  timer.period_ns = 1'000'000;
  Timers::Get().Add(timer, NowNs());
  WaitUntil([&] { return fired >= 5; });
  EXPECT_TRUE(Timers::Get().Remove(timer));
  const int last = fired;
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(fired, last);
}

}  // namespace
