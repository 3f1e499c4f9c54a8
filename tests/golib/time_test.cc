#include <csan/go.h>
#include <gtest/gtest.h>

#include <chrono>

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST(After, ComesOnceAtItsTime) {
  const auto begin = steady_clock::now();
  const auto chan = csan::After(10ms);
  EXPECT_FALSE(chan.TryReceive().has_value());
  EXPECT_GE(chan.Receive(), begin + 10ms);
  EXPECT_EQ(csan::Select(csan::OnReceive(chan), csan::Timeout(5ms)), 1u);
}

TEST(After, MayBeForgotten) {
  for (int i = 0; i < 100; i++) csan::After(std::chrono::milliseconds(i % 10));
  csan::After(std::chrono::nanoseconds::max());
  csan::Sleep(12ms);
}

TEST(Ticker, TicksUntilStopped) {
  const auto begin = steady_clock::now();
  csan::Ticker ticker(5ms);
  for (int i = 1; i <= 3; i++) EXPECT_GE(ticker.C().Receive(), begin + i * 5ms);
  ticker.Stop();
  ticker.C().TryReceive();
  EXPECT_EQ(csan::Select(csan::OnReceive(ticker.C()), csan::Timeout(15ms)), 1u);
  ticker.Reset(1ms);
  EXPECT_TRUE(ticker.C().ReceiveOk().ok);
}

TEST(Ticker, LeavesOutWhatNobodyTakes) {
  csan::Ticker ticker(1ms);
  csan::Sleep(20ms);
  EXPECT_EQ(ticker.C().Len(), 1u);
}

TEST(Ticker, NeedsAPeriod) { EXPECT_THROW(csan::Ticker(0ms), csan::Panic); }

TEST(Ticker, ItsLastOwnerStopsIt) {
  csan::ReceiveChan<csan::Time> chan;
  {
    csan::Ticker ticker(1ms);
    csan::Ticker moved = std::move(ticker);
    chan = moved.C();
    chan.Receive();
  }
  chan.TryReceive();
  EXPECT_EQ(csan::Select(csan::OnReceive(chan), csan::Timeout(10ms)), 1u);
}

}  // namespace
