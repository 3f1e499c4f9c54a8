#include "timers.h"

#include <sys/prctl.h>

#include <chrono>
#include <mutex>
#include <utility>

#include <csan/go/goroutine.h>

#include "clock.h"
#include "hooks.h"
#include "party.h"
#include "thread.h"

namespace csan::inline go_v1 {
namespace internal {

Timers::Timers() {
  StartThread(
      [](void* self) -> void* {
        prctl(PR_SET_TIMERSLACK, 1000ul);
        CSAN_GO_OWN;
        hooks::SelfIsDaemon();
        static_cast<Timers*>(self)->Loop();
      },
      this, "csan-go-timers");
}

Timers& Timers::Get() {
  // Never destroyed: its thread runs until the process is gone.
  static auto* const timers = new Timers;
  return *timers;
}

void Timers::Add(Timer& timer, std::uint64_t when_ns) {
  bool first = false;
  {
    const std::lock_guard guard(lock_);
    timer.when_ns_ = when_ns;
    Insert(timer);
    first = earliest_ == &timer;
    if (first) changes_.fetch_add(1, std::memory_order_relaxed);
  }
  if (first) FutexWake(changes_);
}

bool Timers::Remove(Timer& timer) {
  const std::lock_guard guard(lock_);
  if (!timer.pending_) return false;
  Extract(timer);
  return true;
}

void Timers::Loop() {
  for (;;) {
    std::uint32_t changes = 0;
    std::uint64_t next_ns = 0;
    {
      const std::lock_guard guard(lock_);
      FireUntil(NowNs());
      changes = changes_.load(std::memory_order_relaxed);
      if (earliest_ != nullptr) next_ns = earliest_->when_ns_;
    }
    const timespec next = Timespec(next_ns);
    hooks::WipeStack();
    FutexWait(changes_, changes, next_ns != 0 ? &next : nullptr);
  }
}

void Timers::FireUntil(std::uint64_t now_ns) {
  while (earliest_ != nullptr && earliest_->when_ns_ <= now_ns) {
    Timer& timer = *earliest_;
    Extract(timer);
    // Whoever this wakes may end, and the timer with it.
    if (!timer.fire_(timer)) continue;
    // Ticks that are overdue are left out.
    const std::uint64_t missed = (now_ns - timer.when_ns_) / timer.period_ns;
    timer.when_ns_ += (missed + 1) * timer.period_ns;
    Insert(timer);
  }
}

void Timers::Insert(Timer& timer) {
  timer.pending_ = true;
  timer.child_ = timer.sibling_ = timer.previous_ = nullptr;
  earliest_ = Meld(earliest_, &timer);
}

void Timers::Extract(Timer& timer) {
  timer.pending_ = false;
  Timer* const children = MeldSiblings(timer.child_);
  if (earliest_ == &timer) {
    earliest_ = children;
    return;
  }
  (timer.previous_->child_ == &timer ? timer.previous_->child_ : timer.previous_->sibling_) =
      timer.sibling_;
  if (timer.sibling_ != nullptr) timer.sibling_->previous_ = timer.previous_;
  earliest_ = Meld(earliest_, children);
}

Timer* Timers::Meld(Timer* a, Timer* b) {
  if (a == nullptr) return b;
  if (b == nullptr) return a;
  if (b->when_ns_ < a->when_ns_) std::swap(a, b);
  b->sibling_ = a->child_;
  if (a->child_ != nullptr) a->child_->previous_ = b;
  b->previous_ = a;
  a->child_ = b;
  return a;
}

// In two passes: pairs from left to right, then what they became from right to left.
Timer* Timers::MeldSiblings(Timer* first) {
  Timer* pairs = nullptr;  // linked by sibling_, the last first
  while (first != nullptr) {
    Timer* const second = first->sibling_;
    Timer* const rest = second != nullptr ? second->sibling_ : nullptr;
    first->sibling_ = first->previous_ = nullptr;
    if (second != nullptr) second->sibling_ = second->previous_ = nullptr;
    Timer* const pair = Meld(first, second);
    pair->sibling_ = pairs;
    pairs = pair;
    first = rest;
  }
  Timer* all = nullptr;
  while (pairs != nullptr) {
    Timer* const next = pairs->sibling_;
    pairs->sibling_ = nullptr;
    all = Meld(all, pairs);
    pairs = next;
  }
  return all;
}

}  // namespace internal

namespace {

struct Sleeper : internal::Timer {
  Sleeper(internal::Party& the_party, std::uint64_t the_time)
      : Timer([](Timer& timer) {
          static_cast<Sleeper&>(timer).party.Unpark();
          return false;
        }),
        party(the_party),
        until_ns(the_time) {}
  internal::Party& party;
  std::uint64_t until_ns;
};

}  // namespace

void Sleep(std::chrono::nanoseconds duration) {
  if (duration.count() <= 0) return;
  internal::Party& self = internal::Party::Self();
  const std::uint64_t until_ns = internal::DeadlineNs(duration);
  if (self.goroutine() == nullptr) {
    const timespec until = internal::Timespec(until_ns);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
    }
    return;
  }
  Sleeper sleeper(self, until_ns);
  self.Park({[](void* argument) {
               auto& one = *static_cast<Sleeper*>(argument);
               internal::Timers::Get().Add(one, one.until_ns);
             },
             &sleeper});
}

}  // namespace csan::inline go_v1
