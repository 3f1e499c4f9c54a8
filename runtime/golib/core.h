// A channel. Who finds its partner waiting serves it directly, in the partner's name; who does not, waits.
// The buffer is full when senders wait and empty when receivers do.
#pragma once

#include <csan/go/chan_core.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "futex.h"
#include "hooks.h"
#include "waiter.h"

namespace csan::inline go_v1::internal {

class Core {
 public:
  static Core* Make(std::size_t capacity, std::size_t cell_size, DropCell drop);
  void Share() { owners_.fetch_add(1, std::memory_order_relaxed); }
  void Drop();

  // What follows is done under this.
  SpinLock& lock() { return lock_; }

  enum class Outcome { kDone, kClosed, kMustWait };
  // Whoever waited for it and is to be woken, without the lock, is in `served`.
  Outcome Send(const void* cell, Waiter*& served);
  Outcome Receive(void* cell, Waiter*& served);
  // Whether it was open. All who wait are linked in `woken`, to be woken.
  bool Close(Waiter*& woken);

  WaitQueue& senders() { return senders_; }
  WaitQueue& receivers() { return receivers_; }
  std::size_t count() const { return count_; }
  bool closed() const { return closed_; }
  std::size_t capacity() const { return capacity_; }

 private:
  Core(std::size_t capacity, std::size_t cell_size, DropCell drop)
      : capacity_(capacity), cell_size_(cell_size), drop_(drop) {}

  [[gnu::noinline]] static void Free(Core* core);
  unsigned char* Place(std::size_t index);
  std::size_t After(std::size_t index) const { return index + 1 == capacity_ ? 0 : index + 1; }
  void Copy(void* to, const void* from) const;

  SpinLock lock_;
  bool closed_ = false;
  std::atomic<std::uint32_t> owners_{1};
  const std::size_t capacity_;
  const std::size_t cell_size_;
  const DropCell drop_;
  std::size_t count_ = 0;
  std::size_t first_ = 0;
  WaitQueue senders_;
  WaitQueue receivers_;
};

}  // namespace csan::inline go_v1::internal
