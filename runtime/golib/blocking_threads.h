// Threads for goroutines that make theirs wait. There are as many as goroutines that do so at once, and those
// that are idle are used again.
#pragma once

#include <cstddef>

#include "carrier.h"
#include "futex.h"
#include "run_queue.h"

namespace csan::inline go_v1::internal {

class BlockingThreads {
 public:
  static BlockingThreads& Get();

  // To go on on a thread that may wait.
  void Run(Goroutine* goroutine);
  // Whether this thread is one.
  static bool OnOne();

 private:
  class Thread;

  // Until there is one.
  Goroutine* Next();

  SpinLock lock_;
  GoroutineList ready_;
  std::size_t idle_ = 0;
  std::atomic<std::uint32_t> wakes_{0};
};

}  // namespace csan::inline go_v1::internal
