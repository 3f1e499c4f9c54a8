#include "worker.h"

#include <sched.h>

#include "clock.h"
#include "futex.h"
#include "hooks.h"
#include "scheduler.h"
#include "thread.h"

namespace csan::inline go_v1::internal {
namespace {

constinit thread_local Worker* current_worker = nullptr;

// Goroutines that hand over to each other stay together on one worker, but not to the harm of the others.
constexpr std::uint32_t kNextsInRow = 64;
// The queue of all is looked at first so often that it is not forgotten.
constexpr std::uint32_t kTurnsOfOwn = 61;
// A goroutine that is to run next is not stolen before its worker had this long to switch to it.
constexpr std::uint64_t kNextIsOwnNs = 5'000;
constexpr std::uint64_t kSearchNs = 20'000;
constexpr int kPausesBetweenLooks = 16;

}  // namespace

[[gnu::noinline]] Worker* Worker::Current() {
  asm volatile("");
  return current_worker;
}

void Worker::Begin() {
  StartThread(
      [](void* self) -> void* {
        auto* const worker = static_cast<Worker*>(self);
        current_worker = worker;
        hooks::SelfIsDaemon();
        worker->Attach();
        worker->Loop();
      },
      this, "csan-go");
}

void Worker::Loop() {
  for (;;) {
    Goroutine* const goroutine = Find();
    turn_.store(turn_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    Run(goroutine);
  }
}

void Worker::Push(Goroutine* goroutine) {
  GoroutineList overflow;
  queue_.Push(goroutine, overflow);
  if (overflow.first != nullptr) Scheduler::Get().PushGlobal(overflow);
}

void Worker::ReadyNext(Goroutine* goroutine) {
  Goroutine* const before = next_.exchange(goroutine, std::memory_order_acq_rel);
  if (before != nullptr) Push(before);
}

void Worker::ReadyLast(Goroutine* goroutine) {
  const bool alone = !HasWork();
  Push(goroutine);
  // Whom it waits for may need this CPU.
  if (alone) sched_yield();
}

bool Worker::HasWork() const {
  return next_.load(std::memory_order_acquire) != nullptr || !queue_.Empty();
}

Goroutine* Worker::FindOwn() {
  Scheduler& scheduler = Scheduler::Get();
  if (turn_.load(std::memory_order_relaxed) % kTurnsOfOwn == 0) {
    if (Goroutine* const goroutine = scheduler.PopGlobal(*this)) return goroutine;
  }
  if (nexts_in_row_ < kNextsInRow && next_.load(std::memory_order_relaxed) != nullptr) {
    nexts_in_row_++;
    if (Goroutine* const next = next_.exchange(nullptr, std::memory_order_acq_rel)) return next;
  }
  nexts_in_row_ = 0;
  if (Goroutine* const goroutine = queue_.Pop()) return goroutine;
  if (next_.load(std::memory_order_relaxed) != nullptr) {
    if (Goroutine* const next = next_.exchange(nullptr, std::memory_order_acq_rel)) return next;
  }
  return scheduler.PopGlobal(*this);
}

Goroutine* Worker::StealNext(Worker& other) {
  Goroutine* next = other.next_.load(std::memory_order_acquire);
  if (next == nullptr) return nullptr;
  const std::uint32_t turn = other.turn_.load(std::memory_order_relaxed);
  const std::uint64_t now = NowNs();
  if (seen_.next != next || seen_.turn != turn) {
    seen_ = {next, turn, now};
    return nullptr;
  }
  if (now - seen_.since_ns < kNextIsOwnNs) return nullptr;
  const bool taken = other.next_.compare_exchange_strong(next, nullptr, std::memory_order_acq_rel);
  return taken ? next : nullptr;
}

Goroutine* Worker::Steal() {
  const auto& workers = Scheduler::Get().workers_;
  random_ = random_ * 1664525 + 1013904223;
  const std::size_t start = random_ >> 8;
  for (std::size_t i = 0; i < workers.size(); i++) {
    Worker& other = *workers[(start + i) % workers.size()];
    if (&other == this) continue;
    if (Goroutine* const goroutine = queue_.StealFrom(other.queue_)) return goroutine;
    if (Goroutine* const next = StealNext(other)) return next;
  }
  return nullptr;
}

Goroutine* Worker::Find() {
  Scheduler& scheduler = Scheduler::Get();
  for (;;) {
    Goroutine* found = FindOwn();
    if (found == nullptr && !searching_) {
      // Half of the workers at a time: the others would only be in each other's way.
      if (std::size_t{2} * scheduler.searching_.load(std::memory_order_relaxed) <
          scheduler.workers_.size() - scheduler.idle_count_.load(std::memory_order_relaxed)) {
        scheduler.searching_.fetch_add(1, std::memory_order_seq_cst);
        searching_ = true;
      }
    }
    if (found == nullptr && searching_) {
      const std::uint64_t until = NowNs() + kSearchNs;
      do {
        found = Steal();
        if (found == nullptr) found = scheduler.PopGlobal(*this);
        // Looking costs the others cache lines.
        for (int i = 0; found == nullptr && i < kPausesBetweenLooks; i++) Pause();
      } while (found == nullptr && NowNs() < until);
    }
    if (searching_) scheduler.StoppedSearching(*this, found != nullptr);
    if (found != nullptr) return found;
    Wait();
  }
}

void Worker::Wait() {
  Scheduler& scheduler = Scheduler::Get();
  scheduler.GoIdle(*this);
  if (scheduler.HasWork() && scheduler.LeaveIdle(*this)) {
    scheduler.searching_.fetch_add(1, std::memory_order_seq_cst);
    searching_ = true;
    return;
  }
  hooks::WipeStack();
  while (woken_.load(std::memory_order_acquire) == 0) FutexWait(woken_, 0);
  woken_.store(0, std::memory_order_relaxed);
  searching_ = true;  // counted by who woke it
}

}  // namespace csan::inline go_v1::internal
