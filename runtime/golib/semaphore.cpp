#include <csan/go/panic.h>
#include <csan/go/semaphore.h>

#include <mutex>

#include "futex.h"
#include "hooks.h"
#include "waiter.h"

namespace csan::inline go_v1 {

Semaphore::~Semaphore() { internal::hooks::Forget(this); }

bool Semaphore::Take(std::int64_t units) {
  if (!waiters_.Empty() || units > units_ - taken_) return false;
  taken_ += units;
  return true;
}

void Semaphore::Acquire(std::int64_t units) {
  CSAN_GO_OWN;
  if (units > units_) internal::Throw("semaphore: waiting for more than there is");
  lock_.lock();
  if (Take(units)) {
    lock_.unlock();
  } else {
    internal::Waiter waiter{.cell = &units};
    waiters_.Push(waiter);
    internal::WaitQueued(waiter, lock_, this, CSAN_SEMAPHORE);
  }
  internal::hooks::Notified(this);
}

bool Semaphore::TryAcquire(std::int64_t units) {
  CSAN_GO_OWN;
  {
    const std::lock_guard guard(lock_);
    if (!Take(units)) return false;
  }
  internal::hooks::Notified(this);
  return true;
}

void Semaphore::Release(std::int64_t units) {
  CSAN_GO_OWN;
  internal::hooks::Notify(this);
  internal::Waiter* woken = nullptr;
  {
    const std::lock_guard guard(lock_);
    if (units > taken_) internal::Throw("semaphore: released more than held");
    taken_ -= units;
    internal::Waiter** link = &woken;
    while (internal::Waiter* const first = waiters_.First()) {
      const std::int64_t wanted = *static_cast<const std::int64_t*>(first->cell);
      if (wanted > units_ - taken_) break;
      taken_ += wanted;
      *link = waiters_.Pop();
      link = &first->next;
    }
    *link = nullptr;
  }
  internal::WakeAll(woken);
}

}  // namespace csan::inline go_v1
