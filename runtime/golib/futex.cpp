#include "futex.h"

namespace csan::inline go_v1::internal {

void SpinLock::Wait() {
  for (int i = 0; i < 64; i++) {
    std::uint32_t free = kFree;
    if (word_.load(std::memory_order_relaxed) == kFree &&
        word_.compare_exchange_strong(free, kHeld, std::memory_order_acquire)) {
      return;
    }
    Pause();
  }
  // The holder may have lost its CPU.
  while (word_.exchange(kContended, std::memory_order_acquire) != kFree) {
    FutexWait(word_, kContended);
  }
}

}  // namespace csan::inline go_v1::internal
