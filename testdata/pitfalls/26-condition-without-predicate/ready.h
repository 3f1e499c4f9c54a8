// A server that tells its client when it is ready. The client comes late, which is made sure of by atomics
// that order nothing (relaxed).
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

inline std::mutex mutex;
inline std::condition_variable changed;
inline std::atomic<bool> told = false;

inline void AwaitTold() {
  while (!told.load(std::memory_order_relaxed)) std::this_thread::yield();
}
