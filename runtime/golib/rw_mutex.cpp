#include <csan/go/panic.h>
#include <csan/go/rw_mutex.h>

#include <mutex>

#include "futex.h"
#include "hooks.h"
#include "waiter.h"

namespace csan::inline go_v1 {

RWMutex::~RWMutex() { internal::hooks::LockDestroyed(this); }

bool RWMutex::GetForWriting() {
  if (writing_ || reading_ != 0) return false;
  writing_ = true;
  return true;
}

bool RWMutex::GetForReading() {
  if (writing_ || !writers_.Empty()) return false;
  reading_++;
  return true;
}

void RWMutex::Lock() {
  CSAN_GO_OWN;
  lock_.lock();
  if (GetForWriting()) {
    lock_.unlock();
  } else {
    internal::WaitIn(writers_, lock_, this, CSAN_LOCK);
  }
  internal::hooks::Locked(this, false);
}

void RWMutex::RLock() {
  CSAN_GO_OWN;
  lock_.lock();
  if (GetForReading()) {
    lock_.unlock();
  } else {
    internal::WaitIn(readers_, lock_, this, CSAN_READ_LOCK);
  }
  internal::hooks::Locked(this, true);
}

bool RWMutex::TryLock() {
  CSAN_GO_OWN;
  {
    const std::lock_guard guard(lock_);
    if (!GetForWriting()) return false;
  }
  internal::hooks::Locked(this, false);
  return true;
}

bool RWMutex::TryRLock() {
  CSAN_GO_OWN;
  {
    const std::lock_guard guard(lock_);
    if (!GetForReading()) return false;
  }
  internal::hooks::Locked(this, true);
  return true;
}

void RWMutex::Unlock() {
  CSAN_GO_OWN;
  internal::Waiter* woken = nullptr;
  {
    const std::lock_guard guard(lock_);
    if (!writing_) {
      internal::hooks::UnlockRefused(this, false);
      internal::Throw("Unlock of unlocked RWMutex");
    }
    internal::hooks::Unlocking(this, false);
    writing_ = false;
    woken = readers_.PopAll();
    for (const internal::Waiter* reader = woken; reader != nullptr; reader = reader->next) {
      reading_++;
    }
    if (woken == nullptr) {
      woken = writers_.Pop();
      writing_ = woken != nullptr;
    }
  }
  internal::WakeAll(woken);
}

void RWMutex::RUnlock() {
  CSAN_GO_OWN;
  internal::Waiter* woken = nullptr;
  {
    const std::lock_guard guard(lock_);
    if (reading_ == 0) {
      internal::hooks::UnlockRefused(this, true);
      internal::Throw("RUnlock of unlocked RWMutex");
    }
    internal::hooks::Unlocking(this, true);
    if (--reading_ == 0) {
      woken = writers_.Pop();
      writing_ = woken != nullptr;
    }
  }
  internal::WakeAll(woken);
}

}  // namespace csan::inline go_v1
