// Channels that time fills.
//
// Happens-before: nothing that the program did happens before what a time brings.
//
//     const auto late = csan::After(std::chrono::seconds(1));
//     csan::Select(csan::OnReceive(results), csan::OnReceive(late, [] { std::cout << "late"; }));
//
//     csan::Ticker ticker(std::chrono::milliseconds(100));
//     while (csan::Select(csan::OnReceive(ticker.C()), csan::OnReceive(stop)) == 0) Query();
#pragma once

#include <csan/go/chan.h>

#include <chrono>
#include <memory>

namespace csan::inline go_v1 {

using Time = std::chrono::steady_clock::time_point;

// A channel that gets the time then, once.
ReceiveChan<Time> After(std::chrono::nanoseconds duration);

// A channel that gets the time again and again. Ticks for which there is no room (there is room for one)
// are left out. Movable; the last owner stops it.
class Ticker {
 public:
  // Panics if the period is not positive.
  explicit Ticker(std::chrono::nanoseconds period);
  Ticker(Ticker&&) noexcept;
  Ticker& operator=(Ticker&&) noexcept;
  ~Ticker();

  const ReceiveChan<Time>& C() const;
  // No tick comes after this; one may be in the channel.
  void Stop();
  // Ticks of another period, the first a period from now.
  void Reset(std::chrono::nanoseconds period);

 private:
  class Source;
  std::unique_ptr<Source> source_;
};

}  // namespace csan::inline go_v1
