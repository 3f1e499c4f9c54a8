#include "scheduler.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <thread>

#include <csan/go/goroutine.h>

#include "carrier.h"
#include "goroutine.h"

namespace csan::inline go_v1 {
namespace internal {
namespace {

constinit std::atomic<bool> exiting{false};

unsigned WorkerCount() {
  const char* const text = std::getenv("CSAN_GO_WORKERS");
  const unsigned long asked = text != nullptr ? std::strtoul(text, nullptr, 10) : 0;
  const unsigned long count = asked != 0 ? asked : std::thread::hardware_concurrency();
  return static_cast<unsigned>(std::clamp(count, 1ul, 1024ul));
}

}  // namespace

Scheduler::Scheduler() {
  const unsigned count = WorkerCount();
  for (unsigned i = 0; i < count; i++) workers_.push_back(std::make_unique<Worker>(i));
  std::atexit([] {
    hooks::Settle();
    exiting.store(true, std::memory_order_relaxed);
  });
  // They wait until this is complete.
  for (const auto& worker : workers_) worker->Begin();
}

Scheduler& Scheduler::Get() {
  // Never destroyed: the workers run until the process is gone.
  static auto* const scheduler = new Scheduler;
  return *scheduler;
}

void Scheduler::StopIfExiting() {
  while (exiting.load(std::memory_order_relaxed)) [[unlikely]]
    pause();
}

void Scheduler::Ready(Goroutine* goroutine) {
  if (Worker* const worker = Worker::Current()) {
    worker->ReadyNext(goroutine);
  } else {
    GoroutineList one;
    one.Push(goroutine);
    PushGlobal(one);
  }
  WakeOne();
}

void Scheduler::ReadyLast(Goroutine* goroutine) {
  if (Worker* const worker = Worker::Current()) {
    worker->ReadyLast(goroutine);
  } else {
    GoroutineList one;
    one.Push(goroutine);
    PushGlobal(one);
  }
  WakeOne();
}

void Scheduler::PushGlobal(GoroutineList list) {
  const std::lock_guard guard(lock_);
  global_.Append(list);
  global_count_.store(global_.count, std::memory_order_release);
}

Goroutine* Scheduler::PopGlobal(Worker& worker) {
  if (global_count_.load(std::memory_order_acquire) == 0) return nullptr;
  GoroutineList share;
  {
    const std::lock_guard guard(lock_);
    const auto workers = static_cast<std::uint32_t>(workers_.size());
    const std::uint32_t count = std::min(global_.count / workers + 1, 64u);
    for (std::uint32_t i = 0; i < count && global_.first != nullptr; i++) {
      share.Push(global_.Pop());
    }
    global_count_.store(global_.count, std::memory_order_release);
  }
  Goroutine* const first = share.Pop();
  while (Goroutine* const other = share.Pop()) worker.Push(other);
  return first;
}

bool Scheduler::HasWork() const {
  return global_count_.load(std::memory_order_acquire) != 0 ||
         std::any_of(workers_.begin(), workers_.end(), [](const auto& w) { return w->HasWork(); });
}

void Scheduler::WakeOne() {
  // The other half is in GoIdle and StoppedSearching.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (idle_count_.load(std::memory_order_relaxed) == 0) return;
  std::uint32_t none = 0;
  if (searching_.load(std::memory_order_relaxed) != 0 ||
      !searching_.compare_exchange_strong(none, 1, std::memory_order_seq_cst)) {
    return;
  }
  Worker* worker = nullptr;
  {
    const std::lock_guard guard(lock_);
    worker = idle_;
    if (worker != nullptr) {
      idle_ = worker->next_idle_;
      worker->idle_ = false;
      idle_count_.fetch_sub(1, std::memory_order_relaxed);
    }
  }
  if (worker == nullptr) {
    searching_.fetch_sub(1, std::memory_order_seq_cst);
    return;
  }
  worker->woken_.store(1, std::memory_order_release);
  FutexWake(worker->woken_);
}

void Scheduler::StoppedSearching(Worker& worker, bool found) {
  worker.searching_ = false;
  const bool last = searching_.fetch_sub(1, std::memory_order_seq_cst) == 1;
  if (found && last) WakeOne();
}

void Scheduler::GoIdle(Worker& worker) {
  const std::lock_guard guard(lock_);
  worker.next_idle_ = idle_;
  worker.idle_ = true;
  idle_ = &worker;
  idle_count_.fetch_add(1, std::memory_order_seq_cst);
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

bool Scheduler::LeaveIdle(Worker& worker) {
  const std::lock_guard guard(lock_);
  if (!worker.idle_) return false;
  Worker** link = &idle_;
  while (*link != &worker) link = &(*link)->next_idle_;
  *link = worker.next_idle_;
  worker.idle_ = false;
  idle_count_.fetch_sub(1, std::memory_order_relaxed);
  return true;
}

}  // namespace internal

void Yield() {
  internal::Party& self = internal::Party::Self();
  if (self.goroutine() == nullptr) {
    sched_yield();
    return;
  }
  self.Park({[](void* goroutine) {
               internal::Scheduler::Get().ReadyLast(static_cast<internal::Goroutine*>(goroutine));
             },
             self.goroutine()});
}

}  // namespace csan::inline go_v1
