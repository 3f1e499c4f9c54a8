// Until something is so, by an ordinary thread; for tests of what cannot tell of itself yet.
#pragma once

#include <chrono>
#include <thread>

#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
inline constexpr bool kSlow = true;  // an actor for each goroutine
#else
inline constexpr bool kSlow = false;
#endif

template <class Condition>
void WaitUntil(Condition&& condition) {
  while (!condition()) std::this_thread::sleep_for(std::chrono::microseconds(100));
}
