// Cond: waits for a condition that a Mutex guards. Wait wakes only by Signal or Broadcast, but the condition
// may have changed again until it has the lock: look at it in a loop, which the second form of Wait does.
//
// Happens-before: a Signal or Broadcast before the return of a Wait that it wakes.
//
//     csan::Mutex mutex;
//     csan::Cond changed(mutex);
//     {
//       const std::lock_guard guard(mutex);
//       changed.Wait([&] { return !queue.empty(); });
//     }
#pragma once

#include <csan/go/mutex.h>
#include <csan/go/wait_list.h>

namespace csan::inline go_v1 {

class Cond {
 public:
  explicit constexpr Cond(Mutex& mutex) : mutex_(mutex) {}
  Cond(const Cond&) = delete;
  Cond& operator=(const Cond&) = delete;
  ~Cond();

  // With the mutex locked, which it is again afterwards. Panics if it is not.
  void Wait();
  template <class Condition>
  void Wait(Condition condition) {
    while (!condition()) Wait();
  }
  // Wakes who has waited longest, if anybody does. With or without the mutex.
  void Signal();
  void Broadcast();

 private:
  Mutex& mutex_;
  internal::SpinLock lock_;
  internal::WaitQueue waiters_;
};

}  // namespace csan::inline go_v1
