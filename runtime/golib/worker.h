// A thread of the scheduler with a queue of its own.
#pragma once

#include <atomic>
#include <cstdint>

#include "carrier.h"
#include "run_queue.h"

namespace csan::inline go_v1::internal {

class Scheduler;

class Worker : public Carrier {
 public:
  // Of this thread; null if it is none.
  static Worker* Current();

  explicit Worker(unsigned index) : random_(index * 2654435769u + 1) {}
  // Starts its thread.
  void Begin();

  // By the worker's own goroutines. Runs it next: what it was waiting for is still in the cache.
  void ReadyNext(Goroutine* goroutine);
  void ReadyLast(Goroutine* goroutine);

  bool HasWork() const;

 private:
  friend class Scheduler;
  [[noreturn]] void Loop();
  Goroutine* Find();
  Goroutine* FindOwn();
  Goroutine* Steal();
  Goroutine* StealNext(Worker& other);
  void Wait();
  void Push(Goroutine* goroutine);

  RunQueue queue_;
  alignas(64) std::atomic<Goroutine*> next_{nullptr};
  std::atomic<std::uint32_t> turn_{0};  // counts what it has run
  alignas(64) std::uint32_t nexts_in_row_ = 0;
  std::uint32_t random_;
  bool searching_ = false;

  // Of another worker's next_ that this one has looked at.
  struct Seen {
    Goroutine* next = nullptr;
    std::uint32_t turn = 0;
    std::uint64_t since_ns = 0;
  };
  Seen seen_;

  alignas(64) std::atomic<std::uint32_t> woken_{0};
  Worker* next_idle_ = nullptr;
  bool idle_ = false;
};

}  // namespace csan::inline go_v1::internal
