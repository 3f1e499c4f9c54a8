// The clock of all waits.
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>

namespace csan::inline go_v1::internal {

// std::chrono::steady_clock's, in nanoseconds.
inline std::uint64_t NowNs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

inline timespec Timespec(std::uint64_t ns) {
  return {static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
}

// Saturates, for durations up to "for ever".
inline std::uint64_t DeadlineNs(std::chrono::nanoseconds from_now) {
  const std::int64_t ns = from_now.count();
  const std::uint64_t now = NowNs();
  if (ns <= 0) return now;
  constexpr std::uint64_t kNever = std::uint64_t{1} << 62;
  const std::uint64_t then = now + static_cast<std::uint64_t>(ns);
  return then < kNever ? then : kNever;
}

}  // namespace csan::inline go_v1::internal
