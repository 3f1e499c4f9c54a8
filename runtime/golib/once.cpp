#include <csan/go/once.h>
#include <csan/go/panic.h>

#include <mutex>

#include "futex.h"
#include "hooks.h"
#include "waiter.h"

namespace csan::inline go_v1 {

Once::~Once() { internal::hooks::Forget(this); }

bool Once::Begin() {
  CSAN_GO_OWN;
  if (!done_.load(std::memory_order_acquire)) {
    lock_.lock();
    if (!done_.load(std::memory_order_relaxed)) {
      const internal::Party& self = internal::Party::Self();
      if (runner_ == nullptr) {
        runner_ = &self;
        lock_.unlock();
        internal::hooks::OnceBegins(this);
        return true;
      }
      if (runner_ == &self) {
        lock_.unlock();
        internal::Throw("Once.Do within its own function would wait for ever");
      }
      internal::WaitIn(waiters_, lock_, this, CSAN_ONCE);
    } else {
      lock_.unlock();
    }
  }
  internal::hooks::Notified(this);
  return false;
}

void Once::Finish() {
  CSAN_GO_OWN;
  internal::Waiter* woken = nullptr;
  internal::hooks::OnceEnds(this);
  {
    const std::lock_guard guard(lock_);
    done_.store(true, std::memory_order_release);
    woken = waiters_.PopAll();
  }
  internal::WakeAll(woken);
}

}  // namespace csan::inline go_v1
