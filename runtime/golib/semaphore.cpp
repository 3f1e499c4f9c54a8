#include <csan/go/panic.h>
#include <csan/go/semaphore.h>

#include <mutex>

#include "core.h"
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

// Those who come first, as far as there are units for them; linked, to be woken.
internal::Waiter* Semaphore::Serve() {
  internal::Waiter* woken = nullptr;
  internal::Waiter** link = &woken;
  while (internal::Waiter* const first = waiters_.First()) {
    const std::int64_t wanted = *static_cast<const std::int64_t*>(first->cell);
    if (wanted > units_ - taken_) break;
    if (!waiters_.Claim(*first)) continue;
    taken_ += wanted;
    *link = first;
    link = &first->next;
  }
  *link = nullptr;
  return woken;
}

// Of a semaphore and of a context, as two cases of a Select: the first to be served wins. Whether it was the
// semaphore's. Both are locked before, in this order, and nothing is after.
bool Semaphore::WaitFor(internal::Core& done, std::int64_t units) {
  internal::Selection selection;
  internal::Party& self = internal::Party::Self();
  const internal::hooks::Actor actor = internal::hooks::Self();
  internal::Waiter waiters[2] = {
      {.party = &self, .cell = &units, .selection = &selection, .actor = actor},
      {.party = &self, .selection = &selection, .actor = actor}};
  waiters_.Push(waiters[0]);
  done.receivers().Push(waiters[1]);
  const csan_case cases[2] = {{this, CSAN_SEMAPHORE}, {&done, CSAN_RECEIVE}};
  internal::hooks::ChanParks(&done);
  internal::hooks::WaitRecorded(waiters, sizeof(waiters));
  internal::hooks::WaitBegins(cases, 2);
  internal::SpinLock* locks[2] = {&lock_, &done.lock()};
  self.Park({[](void* held) {
               // Both are found before one is free: then the waiter may go on and be gone.
               auto* const first = static_cast<internal::SpinLock**>(held)[0];
               auto* const second = static_cast<internal::SpinLock**>(held)[1];
               first->unlock();
               second->unlock();
             },
             locks});
  internal::hooks::WaitEnds();
  const bool served = selection.winner() == &waiters[0];
  if (!served) internal::hooks::ChanResumes(&done);
  internal::Waiter* woken = nullptr;
  {
    const std::lock_guard guard(lock_);
    if (waiters[0].queued) waiters_.Remove(waiters[0]);
    // Others may have waited only behind this one.
    if (!served) woken = Serve();
  }
  {
    const std::lock_guard guard(done.lock());
    if (waiters[1].queued) done.receivers().Remove(waiters[1]);
  }
  internal::WakeAll(woken);
  return served;
}

[[gnu::noinline]] ContextError Semaphore::Acquire(const Context& context, std::int64_t units) {
  CSAN_GO_OWN;
  if (const ContextError error = context.Err(); error != ContextError::kNone) return error;
  const ReceiveChan<Unit> channel = context.Done();
  internal::Core* const done = internal::Access::Get(channel);
  if (done == nullptr) {
    Acquire(units);
    return ContextError::kNone;
  }
  if (units > units_) internal::Throw("semaphore: waiting for more than there is");
  lock_.lock();
  if (Take(units)) {
    lock_.unlock();
  } else {
    done->lock().lock();
    if (done->closed()) {
      done->lock().unlock();
      lock_.unlock();
      return context.Err();
    }
    if (!WaitFor(*done, units)) return context.Err();
  }
  internal::hooks::Notified(this);
  return ContextError::kNone;
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
    woken = Serve();
  }
  internal::WakeAll(woken);
}

}  // namespace csan::inline go_v1
