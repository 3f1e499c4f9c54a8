// Mutex: a lock that lets other goroutines run while one waits for it. Not recursive; may be unlocked by
// another goroutine than the one that locked it, as in Go. Unlocking what is not locked panics.
//
// Whoever comes first gets it, so that one goroutine can lock again and again without switches; one that has
// waited for a millisecond gets it next.
//
// Happens-before: the n-th Unlock before the return of the (n + 1)-th Lock. A failed TryLock orders nothing.
//
//     csan::Mutex mutex;
//     {
//       const std::lock_guard guard(mutex);
//       counter++;
//     }
#pragma once

#include <csan/go/wait_list.h>

namespace csan::inline go_v1 {

class Mutex {
 public:
  constexpr Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;
  ~Mutex();

  void Lock();
  bool TryLock();
  void Unlock();

  // For std::lock_guard and the like.
  void lock() { Lock(); }
  bool try_lock() { return TryLock(); }
  void unlock() { Unlock(); }

 private:
  friend class Cond;
  void LockWithOwn();
  void UnlockWithOwn();

  internal::SpinLock lock_;
  bool locked_ = false;
  bool waking_ = false;    // the first waiter is on its way to try again
  bool starving_ = false;  // the next Unlock hands the lock to the first waiter
  internal::WaitQueue waiters_;
};

}  // namespace csan::inline go_v1
