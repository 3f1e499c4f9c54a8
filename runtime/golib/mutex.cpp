#include <csan/go/mutex.h>
#include <csan/go/panic.h>

#include <mutex>

#include "clock.h"
#include "futex.h"
#include "hooks.h"
#include "waiter.h"

namespace csan::inline go_v1 {
namespace {

constexpr std::uint64_t kStarvingNs = 1'000'000;

}  // namespace

Mutex::~Mutex() { internal::hooks::LockDestroyed(this); }

void Mutex::LockWithOwn() {
  lock_.lock();
  if (!locked_) {
    locked_ = true;
    lock_.unlock();
    return;
  }
  const std::uint64_t since_ns = internal::NowNs();
  internal::Waiter waiter;
  waiters_.Push(waiter);
  for (;;) {
    internal::WaitQueued(waiter, lock_, this, CSAN_LOCK);
    if (waiter.served) return;
    lock_.lock();
    waking_ = false;
    if (!locked_) {
      locked_ = true;
      lock_.unlock();
      return;
    }
    if (internal::NowNs() - since_ns >= kStarvingNs) starving_ = true;
    waiters_.PushFirst(waiter);
  }
}

void Mutex::UnlockWithOwn() {
  internal::Waiter* woken = nullptr;
  {
    const std::lock_guard guard(lock_);
    if (!locked_) {
      internal::hooks::UnlockRefused(this, false);
      internal::Throw("unlock of unlocked mutex");
    }
    // One that is on its way will queue again, and ask for more if it must.
    if (!waking_) woken = waiters_.Pop();
    if (woken != nullptr && starving_) {
      woken->served = true;
    } else {
      locked_ = false;
      waking_ = waking_ || woken != nullptr;
    }
    if (waiters_.Empty()) starving_ = false;
  }
  // The mutex may be gone.
  internal::WakeAll(woken);
}

void Mutex::Lock() {
  CSAN_GO_OWN;
  LockWithOwn();
  internal::hooks::Locked(this, false);
}

bool Mutex::TryLock() {
  CSAN_GO_OWN;
  {
    const std::lock_guard guard(lock_);
    if (locked_) return false;
    locked_ = true;
  }
  internal::hooks::Locked(this, false);
  return true;
}

void Mutex::Unlock() {
  CSAN_GO_OWN;
  internal::hooks::Unlocking(this, false);
  UnlockWithOwn();
}

}  // namespace csan::inline go_v1
