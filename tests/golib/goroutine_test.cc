#include <csan/go.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "wait.h"

namespace {

using namespace std::chrono_literals;

TEST(Go, RunsWithItsArguments) {
  std::atomic<int> sum{0};
  csan::go([&](int a, std::unique_ptr<int> b) { sum = a + *b; }, 1, std::make_unique<int>(2));
  WaitUntil([&] { return sum == 3; });
}

TEST(Go, OrdersWhatWasWrittenBefore) {
  int plain = 0;
  std::atomic<bool> done{false};
  plain = 17;
  csan::go([&] {
    EXPECT_EQ(plain, 17);
    done = true;
  });
  WaitUntil([&] { return done.load(); });
}

TEST(Go, StartsFromGoroutines) {
  std::atomic<int> ended{0};
  for (int i = 0; i < 10; i++) {
    csan::go([&] {
      for (int j = 0; j < 100; j++) csan::go([&] { ended++; });
    });
  }
  WaitUntil([&] { return ended == 1000; });
}

TEST(Go, DestroysWhatWasCapturedWhenItEnds) {
  auto held = std::make_shared<int>(1);
  csan::go([held] { csan::Yield(); });
  WaitUntil([&] { return held.use_count() == 1; });
}

TEST(Go, ManyMoreThanStacksThatKeepTheirMemory) {
  constexpr int kMany = kSlow ? 500 : 20'000;
  std::atomic<int> ended{0};
  std::atomic<bool> all{false};
  for (int i = 0; i < kMany; i++) {
    csan::go([&] {
      while (!all) csan::Sleep(1ms);
      ended++;
    });
  }
  EXPECT_GE(csan::GoroutineCount(), static_cast<unsigned>(kMany));
  all = true;
  WaitUntil([&] { return ended == kMany; });
}

TEST(Go, RunsOnSeveralThreadsAtOnce) {
  if (std::thread::hardware_concurrency() < 2) GTEST_SKIP();
  // Each waits without yielding for the other: one must be stolen.
  std::atomic<int> there{0};
  std::atomic<int> met{0};
  csan::go([&] {
    for (int i = 0; i < 2; i++) {
      csan::go([&] {
        there++;
        while (there != 2) {
        }
        met++;
      });
    }
  });
  WaitUntil([&] { return met == 2; });
}

TEST(Go, TheOnlyOneReadyIsStolenFromAGoroutineThatGoesOn) {
  if (std::thread::hardware_concurrency() < 2) GTEST_SKIP();
  std::atomic<bool> ran{false};
  std::atomic<bool> saw{false};
  csan::go([&] {
    csan::go([&] { ran = true; });
    while (!ran) {
    }
    saw = true;
  });
  WaitUntil([&] { return saw.load(); });
}

TEST(Go, UsesDeepStacks) {
  std::atomic<bool> done{false};
  csan::go([&] {
    volatile char deep[100 << 10];
    for (std::size_t i = 0; i < sizeof(deep); i += 512) deep[i] = 1;
    char text[64];
    std::snprintf(text, sizeof(text), "%.20Lf", 1.0L / 3);
    done = deep[512] == 1;
  });
  WaitUntil([&] { return done.load(); });
}

TEST(Yield, LetsOthersRun) {
  std::atomic<int> turns{0};
  for (int me = 0; me < 2; me++) {
    csan::go([&turns, me] {
      for (int i = 0; i < 1000; i++) {
        while (turns % 2 != me) csan::Yield();
        turns++;
      }
    });
  }
  WaitUntil([&] { return turns == 2000; });
}

TEST(Yield, IsFairToThoseWhoOnlyYield) {
  // Goroutines that make each other ready all the time do not keep others from their turn.
  std::atomic<bool> stop{false};
  std::atomic<int> ended{0};
  for (int i = 0; i < 8; i++) {
    csan::go([&] {
      while (!stop) csan::go([] {}), csan::Yield();
      ended++;
    });
  }
  csan::go([&] {
    for (int i = 0; i < 100; i++) csan::Yield();
    ended++;
  });
  WaitUntil([&] { return ended == 1; });
  stop = true;
  WaitUntil([&] { return ended == 9; });
}

TEST(Sleep, LastsAtLeastSoLong) {
  std::atomic<bool> done{false};
  csan::go([&] {
    const auto begin = std::chrono::steady_clock::now();
    csan::Sleep(20ms);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
    done = true;
  });
  WaitUntil([&] { return done.load(); });
}

TEST(Sleep, OfThreads) {
  const auto begin = std::chrono::steady_clock::now();
  csan::Sleep(5ms);
  csan::Sleep(0ms);
  csan::Sleep(-1ms);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 5ms);
}

TEST(Sleep, WakesInTheOrderOfTime) {
  std::atomic<int> woken{0};
  for (int i = 9; i >= 0; i--) {
    csan::go([&woken, i] {
      csan::Sleep(std::chrono::milliseconds(20 + 30 * i));
      EXPECT_EQ(woken++, i);
    });
  }
  WaitUntil([&] { return woken == 10; });
}

TEST(Id, IsOnesOwn) {
  EXPECT_EQ(csan::GoroutineId(), 0u);
  std::atomic<std::uint64_t> ids[2] = {};
  for (auto& id : ids) {
    csan::go([&id] {
      const std::uint64_t mine = csan::GoroutineId();
      csan::Yield();
      EXPECT_EQ(csan::GoroutineId(), mine);
      id = mine;
    });
  }
  WaitUntil([&] { return ids[0] != 0 && ids[1] != 0; });
  EXPECT_NE(ids[0], ids[1]);
}

// What the C++ runtime knows of an exception stays with the goroutine that handles it.
TEST(Exceptions, HandlersMayWait) {
  std::atomic<int> done{0};
  for (int i = 0; i < 50; i++) {
    csan::go([&done, i] {
      for (int round = 0; round < 20; round++) {
        try {
          throw std::to_string(i);
        } catch (const std::string& outer) {
          csan::Yield();
          try {
            try {
              throw i;
            } catch (int) {
              csan::Yield();
              throw;
            }
          } catch (int inner) {
            EXPECT_EQ(std::to_string(inner), outer);
          }
          EXPECT_EQ(std::uncaught_exceptions(), 0);
        }
      }
      done++;
    });
  }
  WaitUntil([&] { return done == 50; });
}

TEST(Exceptions, DestructorsMayWaitWhileOneIsInFlight) {
  struct Waits {
    ~Waits() {
      EXPECT_EQ(std::uncaught_exceptions(), 1);
      csan::Yield();
      EXPECT_EQ(std::uncaught_exceptions(), 1);
    }
  };
  std::atomic<int> done{0};
  for (int i = 0; i < 20; i++) {
    csan::go([&] {
      try {
        const Waits waits;
        throw 1;
      } catch (int) {
        done++;
      }
    });
  }
  WaitUntil([&] { return done == 20; });
}

[[noreturn]] void PanicIn(const char* name) {
  csan::go(csan::Named(name), [] { throw csan::Panic("the sky falls"); });
  for (;;) std::this_thread::sleep_for(1s);
}

TEST(PanicDeathTest, EndsTheProgramAndSaysWhere) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(PanicIn("prophet"), "panic: the sky falls\nin goroutine 1 'prophet', created at .*");
  EXPECT_DEATH(
      {
        csan::go([] { throw 1; });
        for (;;) std::this_thread::sleep_for(1s);
      },
      "panic: an exception that is no std::exception\nin goroutine 1, created at");
}

TEST(PanicDeathTest, AnOverflownStackDoesNotGoUnnoticed) {
  if (kSlow) GTEST_SKIP() << "sanitizers say it their way";
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        csan::go([] {
          volatile char deep[300 << 10];
          for (std::size_t i = sizeof(deep); i-- > 0;) deep[i] = 1;
        });
        for (;;) std::this_thread::sleep_for(1s);
      },
      "");
}

TEST(ExitDeathTest, DoesNotWaitForGoroutines) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        csan::go([] {
          for (;;) csan::Yield();
        });
        csan::go([] {
          for (;;) csan::Sleep(1ms);
        });
        csan::Sleep(10ms);
        std::exit(7);
      },
      testing::ExitedWithCode(7), "");
}

}  // namespace
