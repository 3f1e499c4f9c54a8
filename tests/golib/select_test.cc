#include <csan/go.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "wait.h"

namespace {

using csan::Chan;
using csan::MakeChan;
using csan::OnReceive;
using csan::OnSend;
using csan::Select;
using namespace std::chrono_literals;

TEST(Select, DoesTheOneThatIsReady) {
  const auto a = MakeChan<int>(1), b = MakeChan<int>(1);
  b.Send(7);
  int got = 0;
  EXPECT_EQ(Select(OnReceive(a), OnReceive(b, [&](int value, bool ok) { got = value + ok; })), 1u);
  EXPECT_EQ(got, 8);
  bool sent = false;
  EXPECT_EQ(Select(OnReceive(b), OnSend(a, 3, [&] { sent = true; })), 1u);
  EXPECT_TRUE(sent);
  EXPECT_EQ(a.Receive(), 3);
}

TEST(Select, TakesTheDefaultOnlyIfNothingIsReady) {
  const auto chan = MakeChan<int>(1);
  EXPECT_EQ(Select(OnReceive(chan), csan::Default()), 1u);
  chan.Send(1);
  EXPECT_EQ(Select(csan::Default(), OnReceive(chan)), 1u);
  EXPECT_EQ(Select(csan::Default(), OnReceive(Chan<int>())), 0u);
}

TEST(Select, ChoosesByChance) {
  const auto a = MakeChan<int>(1), b = MakeChan<int>(1), c = MakeChan<int>(1);
  std::array<int, 3> chosen{};
  for (int i = 0; i < 3000; i++) {
    a.TrySend(1), b.TrySend(1), c.TryReceive();
    chosen[Select(OnReceive(a), OnReceive(b), OnSend(c, 1))]++;
  }
  for (const int count : chosen) EXPECT_NEAR(count, 1000, 200);
}

TEST(Select, TimesOut) {
  const auto chan = MakeChan<int>();
  const auto begin = std::chrono::steady_clock::now();
  bool late = false;
  EXPECT_EQ(Select(OnReceive(chan), csan::Timeout(10ms, [&] { late = true; })), 1u);
  EXPECT_TRUE(late);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 10ms);
  csan::go([chan] { chan.Send(1); });
  EXPECT_EQ(Select(csan::Timeout(10s), OnReceive(chan)), 1u);
}

TEST(Select, WaitsForWhatComesFirst) {
  const auto a = MakeChan<std::string>(), b = MakeChan<std::string>();
  csan::go([=] {
    csan::Sleep(5ms);
    b.Send("b");
  });
  std::string got;
  EXPECT_EQ(Select(OnReceive(a), OnReceive(b, [&](std::string value) { got = value; })), 1u);
  EXPECT_EQ(got, "b");
  csan::go([=] {
    csan::Sleep(5ms);
    EXPECT_EQ(a.Receive(), "to a");
  });
  EXPECT_EQ(Select(OnSend(a, "to a"), OnSend(b, "to b")), 0u);
}

TEST(Select, SeesAClose) {
  const auto a = MakeChan<int>(), b = MakeChan<int>();
  csan::go([=] {
    csan::Sleep(5ms);
    a.Close();
  });
  bool open = true;
  EXPECT_EQ(Select(OnReceive(b), OnReceive(a, [&](int, bool ok) { open = ok; })), 1u);
  EXPECT_FALSE(open);
}

TEST(Select, MayHaveOneChannelTwice) {
  const auto chan = MakeChan<int>();
  csan::go([=] {
    for (int i = 0; i < 100; i++) chan.Send(i);
  });
  for (int i = 0; i < 100; i++) {
    Select(OnReceive(chan, [&](int value) { EXPECT_EQ(value, i); }),
           OnReceive(chan, [&](int value) { EXPECT_EQ(value, i); }));
  }
  // Not with itself.
  EXPECT_EQ(Select(OnSend(chan, 1), OnReceive(chan), csan::Timeout(2ms)), 2u);
}

TEST(Select, OfManyCasesKnownAtRunTime) {
  std::vector<Chan<int>> chans;
  for (int i = 0; i < 30; i++) chans.push_back(MakeChan<int>());
  for (int i = 0; i < 30; i++) csan::go([=] { chans[i].Send(i); });
  std::vector<bool> seen(30);
  for (int i = 0; i < 30; i++) {
    csan::Cases cases;
    int got = -1;
    for (const auto& chan : chans) cases.Add(OnReceive(chan, [&](int value) { got = value; }));
    const std::size_t chosen = cases.Select();
    EXPECT_EQ(got, static_cast<int>(chosen));
    EXPECT_FALSE(seen[chosen]);
    seen[chosen] = true;
  }
}

TEST(Select, DropsWhatItDoesNotSend) {
  const auto held = std::make_shared<int>(1);
  const auto a = MakeChan<std::shared_ptr<int>>(1), b = MakeChan<std::shared_ptr<int>>();
  EXPECT_EQ(Select(OnSend(b, held), OnSend(a, held)), 1u);
  EXPECT_EQ(held.use_count(), 2);
}

TEST(Select, MisusePanics) {
  EXPECT_THROW(Select(), csan::Panic);
  EXPECT_THROW(csan::Cases().Select(), csan::Panic);
  EXPECT_THROW(Select(csan::Default(), csan::Default()), csan::Panic);
#ifndef __SANITIZE_CONCURRENCY__  // to which it is a finding
  const auto closed = MakeChan<int>(), chan = MakeChan<int>();
  csan::go([=] {
    csan::Sleep(5ms);
    closed.Close();
  });
  EXPECT_THROW(Select(OnSend(closed, 1), OnSend(chan, 1)), csan::Panic);
  EXPECT_THROW(Select(OnSend(closed, 1), csan::Default()), csan::Panic);
#endif
}

// Goroutines that select among the same channels, in both directions: every value arrives once.
TEST(Select, ManyOfMany) {
  constexpr int kParties = 8, kEach = kSlow ? 200 : 5'000;
  const auto a = MakeChan<int>(), b = MakeChan<int>(2), c = MakeChan<int>(1);
  const auto ended = MakeChan<csan::Unit>();
  std::atomic<long> sum{0};
  std::vector<std::thread> threads;
  for (int p = 0; p < kParties; p++) {
    const auto send = [=] {
      for (int i = 1; i <= kEach; i++) Select(OnSend(a, i), OnSend(b, i), OnSend(c, i));
      ended.Send({});
    };
    const auto receive = [=, &sum] {
      const auto add = [&](int value) { sum += value; };
      for (int i = 0; i < kEach; i++) {
        Select(OnReceive(a, add), OnReceive(b, add), OnReceive(c, add));
      }
      ended.Send({});
    };
    p == 0 ? void(threads.emplace_back(send)) : csan::go(send);
    p == 1 ? void(threads.emplace_back(receive)) : csan::go(receive);
  }
  for (int p = 0; p < 2 * kParties; p++) ended.Receive();
  EXPECT_EQ(sum, static_cast<long>(kParties) * kEach * (kEach + 1) / 2);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
