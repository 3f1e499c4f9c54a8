#include <csan/go.h>
#include <gtest/gtest.h>

#include <csignal>

namespace {

using namespace std::chrono_literals;

TEST(Signal, ComesThroughTheChannel) {
  const auto chan = csan::MakeChan<int>(2);
  csan::SignalNotify(chan, {SIGUSR1, SIGUSR2});
  raise(SIGUSR1);
  EXPECT_EQ(chan.Receive(), SIGUSR1);
  raise(SIGUSR2);
  EXPECT_EQ(chan.Receive(), SIGUSR2);
  csan::StopNotify(chan);
}

TEST(Signal, IsWhatItWasAfterwards) {
  std::signal(SIGUSR1, SIG_IGN);
  const auto a = csan::MakeChan<int>(1), b = csan::MakeChan<int>(1);
  csan::SignalNotify(a, {SIGUSR1});
  csan::SignalNotify(b, {SIGUSR1});
  csan::StopNotify(a);
  raise(SIGUSR1);
  EXPECT_EQ(b.Receive(), SIGUSR1);
  EXPECT_EQ(a.Len(), 0u);
  csan::StopNotify(b);
  raise(SIGUSR1);  // ignored, as before
  std::signal(SIGUSR1, SIG_DFL);
}

TEST(Signal, IsDroppedWhereThereIsNoRoom) {
  const auto chan = csan::MakeChan<int>(1);
  csan::SignalNotify(chan, {SIGUSR1});
  for (int i = 0; i < 5; i++) raise(SIGUSR1);
  EXPECT_EQ(chan.Receive(), SIGUSR1);
  csan::StopNotify(chan);
}

TEST(Signal, EndsAContext) {
  const auto [context, cancel] = csan::NotifyContext({}, {SIGUSR2});
  EXPECT_EQ(context.Err(), csan::ContextError::kNone);
  raise(SIGUSR2);
  EXPECT_FALSE(context.Done().ReceiveOk().ok);
}

TEST(Signal, MisusePanics) {
  EXPECT_THROW(csan::SignalNotify(csan::Chan<int>(), {SIGUSR1}), csan::Panic);
  EXPECT_THROW(csan::SignalNotify(csan::MakeChan<int>(1), {SIGKILL}), csan::Panic);
  EXPECT_THROW(csan::SignalNotify(csan::MakeChan<int>(1), {SIGSEGV}), csan::Panic);
}

}  // namespace
