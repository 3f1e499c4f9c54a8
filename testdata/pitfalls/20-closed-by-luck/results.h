// Results that two search for. The first is faster, which is made sure of by an atomic that orders nothing
// (relaxed).
#pragma once

#include <csan/go.h>

#include <atomic>

inline std::atomic<bool> first_has_sent = false;

inline void LetSecondEnd() { first_has_sent.store(true, std::memory_order_relaxed); }
inline void AwaitFirst() {
  while (!first_has_sent.load(std::memory_order_relaxed)) csan::Yield();
}

inline int Sum(const csan::ReceiveChan<int>& results) {
  int sum = 0;
  for (int result : results) sum += result;
  return sum;
}
