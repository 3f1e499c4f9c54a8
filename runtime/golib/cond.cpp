#include <csan/go/cond.h>

#include <mutex>

#include "futex.h"
#include "hooks.h"
#include "waiter.h"

namespace csan::inline go_v1 {

Cond::~Cond() { internal::hooks::Forget(this); }

void Cond::Wait() {
  CSAN_GO_OWN;
  lock_.lock();
  internal::Waiter waiter;
  waiters_.Push(waiter);
  // Whoever changes the condition from now on finds the waiter.
  internal::hooks::Unlocking(&mutex_, false);
  try {
    mutex_.UnlockWithOwn();
  } catch (...) {
    waiters_.Remove(waiter);
    lock_.unlock();
    throw;
  }
  internal::WaitQueued(waiter, lock_, this, CSAN_CONDITION);
  internal::hooks::Notified(this);
  mutex_.LockWithOwn();
  internal::hooks::Locked(&mutex_, false);
}

void Cond::Signal() {
  CSAN_GO_OWN;
  internal::hooks::Notify(this);
  internal::Waiter* woken = nullptr;
  {
    const std::lock_guard guard(lock_);
    woken = waiters_.Pop();
  }
  internal::WakeAll(woken);
}

void Cond::Broadcast() {
  CSAN_GO_OWN;
  internal::hooks::Notify(this);
  internal::Waiter* woken = nullptr;
  {
    const std::lock_guard guard(lock_);
    woken = waiters_.PopAll();
  }
  internal::WakeAll(woken);
}

}  // namespace csan::inline go_v1
