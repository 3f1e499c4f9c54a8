// The scheduler: as many workers as CPUs, each with a queue; goroutines made ready elsewhere wait in a
// queue of all. Workers without work search (steal) for some microseconds, then sleep.
//
// No ready goroutine is forgotten: who makes one ready looks for searching or sleeping workers after it
// has queued it, a worker looks into all queues after it has said that it no longer searches, both in one
// total order. At most one worker is woken to search at a time; when it finds something it wakes the next.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "futex.h"
#include "run_queue.h"
#include "worker.h"

namespace csan::inline go_v1::internal {

class Scheduler {
 public:
  // Starts the workers when it is first called.
  static Scheduler& Get();

  // To run soon: next on this worker, if it is one.
  void Ready(Goroutine* goroutine);
  // To run after the others.
  void ReadyLast(Goroutine* goroutine);

  // Does not return once the process is exiting: destructors of static objects are being run.
  static void StopIfExiting();

 private:
  friend class Worker;
  Scheduler();

  void PushGlobal(GoroutineList list);
  // One, and a worker's share of the others.
  Goroutine* PopGlobal(Worker& worker);
  bool HasWork() const;
  void WakeOne();
  void StoppedSearching(Worker& worker, bool found);
  void GoIdle(Worker& worker);
  // Whether it was still idle.
  bool LeaveIdle(Worker& worker);

  std::vector<std::unique_ptr<Worker>> workers_;

  SpinLock lock_;
  GoroutineList global_;
  std::atomic<std::uint32_t> global_count_{0};
  Worker* idle_ = nullptr;
  alignas(64) std::atomic<std::uint32_t> idle_count_{0};
  std::atomic<std::uint32_t> searching_{0};
};

}  // namespace csan::inline go_v1::internal
