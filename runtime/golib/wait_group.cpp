#include <csan/go/panic.h>
#include <csan/go/wait_group.h>

#include <mutex>

#include "futex.h"
#include "hooks.h"
#include "waiter.h"

namespace csan::inline go_v1 {

WaitGroup::~WaitGroup() { internal::hooks::GroupDestroyed(this); }

void WaitGroup::Change(std::int64_t delta, const void* caller) {
  const internal::hooks::Own own(caller);
  internal::Waiter* woken = nullptr;
  {
    const std::lock_guard guard(lock_);
    internal::hooks::GroupChanges(this, delta);
    if (count_ + delta < 0) internal::Throw("negative WaitGroup counter");
    count_ += delta;
    if (count_ == 0) woken = waiters_.PopAll();
  }
  // The group may be gone.
  internal::WakeAll(woken);
}

void WaitGroup::Add(std::int64_t delta) { Change(delta, __builtin_return_address(0)); }
void WaitGroup::Done() { Change(-1, __builtin_return_address(0)); }

void WaitGroup::Wait() {
  CSAN_GO_OWN;
  lock_.lock();
  internal::hooks::GroupWaits(this);
  if (count_ == 0) {
    lock_.unlock();
  } else {
    internal::WaitIn(waiters_, lock_, this, CSAN_WAIT_GROUP);
  }
  internal::hooks::GroupWaited(this);
}

}  // namespace csan::inline go_v1
