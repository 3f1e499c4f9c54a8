#include <csan/go.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "wait.h"

namespace {

using csan::Chan;
using csan::MakeChan;
using namespace std::chrono_literals;

template <class F>
std::string PanicOf(F&& f) {
  try {
    f();
  } catch (const csan::Panic& panic) {
    return panic.what();
  }
  return "";
}

TEST(Chan, IsFirstInFirstOut) {
  const auto chan = MakeChan<int>(3);
  chan.Send(1);
  chan.Send(2);
  EXPECT_EQ(chan.Len(), 2u);
  EXPECT_EQ(chan.Cap(), 3u);
  EXPECT_EQ(chan.Receive(), 1);
  chan.Send(3);
  chan.Send(4);
  EXPECT_FALSE(chan.TrySend(5));
  EXPECT_EQ(chan.Receive(), 2);
  EXPECT_EQ(chan.Receive(), 3);
  EXPECT_EQ(chan.TryReceive()->value, 4);
  EXPECT_FALSE(chan.TryReceive().has_value());
}

TEST(Chan, UnbufferedMeets) {
  const auto chan = MakeChan<int>();
  EXPECT_FALSE(chan.TrySend(1));
  csan::go([chan] {
    for (int i = 0; i < 100; i++) chan.Send(i);
  });
  for (int i = 0; i < 100; i++) EXPECT_EQ(chan.Receive(), i);
}

TEST(Chan, OrdersPlainAccesses) {
  int data = 0;
  const auto there = MakeChan<int>();
  const auto back = MakeChan<int>(1);
  csan::go([&data, there, back] {
    for (int i = 0; i < 200; i++) {
      EXPECT_EQ(there.Receive(), data);
      data++;
      back.Send(data);
    }
  });
  for (int i = 0; i < 200; i++) {
    there.Send(data);
    EXPECT_EQ(back.Receive(), data);
  }
}

TEST(Chan, ClosedGivesWhatIsLeftThenZero) {
  const auto chan = MakeChan<std::string>(2);
  chan.Send("left");
  chan.Close();
  auto [value, ok] = chan.ReceiveOk();
  EXPECT_TRUE(ok);
  EXPECT_EQ(value, "left");
  EXPECT_FALSE(chan.ReceiveOk().ok);
  EXPECT_EQ(chan.Receive(), "");
  EXPECT_FALSE(chan.TryReceive()->ok);
  EXPECT_FALSE(chan.Next().has_value());
}

TEST(Chan, ClosingLetsAllGoOn) {
  const auto chan = MakeChan<int>();
  const auto ended = MakeChan<std::string>(6);
  for (int i = 0; i < 3; i++) {
    csan::go([chan, ended] { ended.Send(chan.ReceiveOk().ok ? "value" : "closed"); });
  }
  csan::Sleep(5ms);
  close(chan);
  for (int i = 0; i < 3; i++) EXPECT_EQ(ended.Receive(), "closed");
}

#ifndef __SANITIZE_CONCURRENCY__  // to which it is a finding
TEST(Chan, MisusePanics) {
  const auto chan = MakeChan<int>(1);
  const auto full = MakeChan<std::string>();
  const auto ended = MakeChan<std::string>();
  csan::go([=] { ended.Send(PanicOf([&] { full.Send("waits"); })); });
  csan::Sleep(5ms);
  full.Close();
  EXPECT_EQ(ended.Receive(), "send on closed channel");
  chan.Close();
  EXPECT_EQ(PanicOf([&] { chan.Send(1); }), "send on closed channel");
  EXPECT_EQ(PanicOf([&] { chan.TrySend(1); }), "send on closed channel");
  EXPECT_EQ(PanicOf([&] { chan.Close(); }), "close of closed channel");
  EXPECT_EQ(PanicOf([] { Chan<int>().Close(); }), "close of nil channel");
  EXPECT_EQ(PanicOf([] { csan::SendChan<int>().Close(); }), "close of nil channel");
}
#endif

TEST(Chan, TooLargeACapacityPanics) {
  EXPECT_EQ(PanicOf([] { MakeChan<std::uint64_t>(SIZE_MAX / 8); }), "makechan: size out of range");
}

TEST(Chan, NilNeverIsReady) {
  const Chan<int> nil;
  EXPECT_FALSE(nil);
  EXPECT_FALSE(nil.TrySend(1));
  EXPECT_FALSE(nil.TryReceive().has_value());
  EXPECT_EQ(nil.Len(), 0u);
  EXPECT_EQ(nil.Cap(), 0u);
}

TEST(Chan, RangeEndsWithClose) {
  const auto chan = MakeChan<std::unique_ptr<int>>(4);
  csan::go([chan] {
    for (int i = 1; i <= 10; i++) chan.Send(std::make_unique<int>(i));
    chan.Close();
  });
  int sum = 0;
  for (auto& value : chan) sum += *std::exchange(value, nullptr);
  EXPECT_EQ(sum, 55);
}

TEST(Chan, CarriesAllKindsOfValues) {
  struct Big {
    std::array<int, 100> numbers{};
  };
  struct Odd {
    char bytes[13];
  };
  struct NoDefault {
    explicit NoDefault(int the_value) : value(the_value) {}
    int value;
  };
  const auto big = MakeChan<Big>(1);
  Big values;
  std::iota(values.numbers.begin(), values.numbers.end(), 0);
  big.Send(values);
  EXPECT_EQ(big.Receive().numbers, values.numbers);
  const auto odd = MakeChan<Odd>(3);
  for (int i = 0; i < 3; i++) odd.Send({"twelve bytes"});
  odd.Receive();
  EXPECT_STREQ(odd.Receive().bytes, "twelve bytes");
  const auto numbers = MakeChan<NoDefault>(1);
  numbers.Send(NoDefault(3));
  EXPECT_EQ(numbers.Next()->value, 3);
  const auto units = MakeChan<csan::Unit>(2);
  units.Send({});
  EXPECT_TRUE(units.ReceiveOk().ok);
}

TEST(Chan, DestroysWhatNobodyReceives) {
  const auto held = std::make_shared<int>(1);
  {
    const auto chan = MakeChan<std::shared_ptr<int>>(3);
    chan.Send(held);
    chan.Send(held);
    chan.Receive();
    chan.Send(held);
    EXPECT_FALSE(MakeChan<std::shared_ptr<int>>().TrySend(held));
    EXPECT_EQ(held.use_count(), 3);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Chan, EndsCompareAndConvert) {
  const auto chan = MakeChan<int>(1);
  const csan::SendChan<int> send = chan;
  const csan::ReceiveChan<int> receive = chan;
  send.Send(4);
  EXPECT_EQ(receive.Receive(), 4);
  EXPECT_TRUE(receive == chan);
  EXPECT_FALSE(MakeChan<int>() == chan);
}

TEST(Chan, WaitersAreServedInTheirOrder) {
  const auto chan = MakeChan<int>();
  const auto order = MakeChan<int>(5);
  for (int i = 0; i < 5; i++) {
    csan::go([=] { order.Send(10 * i + chan.Receive()); });
    csan::Sleep(5ms);
  }
  for (int i = 0; i < 5; i++) chan.Send(i);
  int sum = 0;
  for (int i = 0; i < 5; i++) {
    const int both = order.Receive();
    EXPECT_EQ(both / 10, both % 10);
    sum += both;
  }
  EXPECT_EQ(sum, 110);
}

// Of threads and goroutines, through channels of several capacities: nothing is lost or doubled, and what
// one sends is received in its order.
TEST(Chan, ManyToMany) {
  constexpr int kSenders = 8, kReceivers = 4, kEach = kSlow ? 300 : 10'000;
  for (const std::size_t capacity : {0, 1, 7, 1000}) {
    const auto chan = MakeChan<int>(capacity);
    const auto ended = MakeChan<csan::Unit>();
    std::vector<std::thread> threads;
    for (int s = 0; s < kSenders; s++) {
      const auto send = [=] {
        for (int i = 0; i < kEach; i++) chan.Send(s * kEach + i);
        ended.Send({});
      };
      s % 4 == 0 ? void(threads.emplace_back(send)) : csan::go(send);
    }
    csan::go([=] {
      for (int s = 0; s < kSenders; s++) ended.Receive();
      chan.Close();
    });
    const auto results = MakeChan<std::vector<int>>();
    for (int r = 0; r < kReceivers; r++) {
      const auto receive = [=] {
        std::vector<int> mine;
        for (int value : chan) mine.push_back(value);
        results.Send(std::move(mine));
      };
      r == 0 ? void(threads.emplace_back(receive)) : csan::go(receive);
    }
    std::vector<bool> seen(kSenders * kEach);
    for (int r = 0; r < kReceivers; r++) {
      std::array<int, kSenders> last;
      last.fill(-1);
      for (const int value : results.Receive()) {
        EXPECT_LT(last[value / kEach], value);
        last[value / kEach] = value;
        EXPECT_FALSE(seen[value]);
        seen[value] = true;
      }
    }
    EXPECT_EQ(std::count(seen.begin(), seen.end(), true), kSenders * kEach);
    for (std::thread& thread : threads) thread.join();
  }
}

// A sieve: a chain of goroutines that grows.
TEST(Chan, Sieve) {
  auto numbers = MakeChan<int>();
  const auto stop = MakeChan<csan::Unit>();
  csan::go([=] {
    for (int i = 2; csan::Select(csan::OnSend(numbers, i), csan::OnReceive(stop)) == 0;) i++;
    numbers.Close();
  });
  std::vector<int> primes;
  for (int i = 0; i < (kSlow ? 20 : 200); i++) {
    const int prime = numbers.Receive();
    primes.push_back(prime);
    const auto filtered = MakeChan<int>();
    csan::go([=] {
      for (const int number : numbers) {
        if (number % prime != 0 &&
            csan::Select(csan::OnSend(filtered, number), csan::OnReceive(stop)) == 1) {
          break;
        }
      }
      filtered.Close();
    });
    numbers = filtered;
  }
  stop.Close();
  for (int number : numbers) static_cast<void>(number);
  EXPECT_EQ(primes[19], 71);
  if (!kSlow) {
    EXPECT_EQ(primes[199], 1223);
  }
}

}  // namespace
