// What the types of this library that goroutines wait at have in them: a lock and a queue, both empty at
// first and only used by the library itself.
#pragma once

#include <atomic>
#include <cstdint>

namespace csan::inline go_v1::internal {

struct Waiter;

class SpinLock {
 public:
  inline void lock();
  inline void unlock();

 private:
  void Wait();
  std::atomic<std::uint32_t> word_{0};
};

// First come, first served. Not thread-safe.
class WaitQueue {
 public:
  void Push(Waiter& waiter);
  void PushFirst(Waiter& waiter);
  void Remove(Waiter& waiter);
  // The first whom nobody else has served, to be woken; null if there is none.
  Waiter* Pop();
  // All of them, linked by their `next`.
  Waiter* PopAll();
  bool Empty() const { return first_ == nullptr; }
  // Takes it out; false if somebody else has served it.
  bool Claim(Waiter& waiter);
  // Without serving it, which somebody else may have done; null if there is none.
  Waiter* First() const { return first_; }

 private:
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
};

}  // namespace csan::inline go_v1::internal
