// Memory for the runtime's own use that is never given back, cut from mappings of kBytes. Not thread-safe:
// who has an arena has a lock for it. A forked child, which takes locks over from threads that it does not
// have, may lose a piece, but never has more left than there is.
#pragma once

#include "base/types.h"
#include "platform/platform.h"

namespace csan {

template <uptr kBytes>
class Arena {
 public:
  // Zeroed; aligned to what divides the sizes of all pieces, up to a page. At most kBytes, rounded up to
  // pages. `what` is told to the user if there is no address space.
  void* Take(uptr bytes, const char* what) {
    if (left_ < bytes) {
      left_ = 0;
      InThisOrder();
      next_ = reinterpret_cast<uptr>(MapMemory(kMapped, what));
      InThisOrder();
      left_ = kMapped;
    }
    left_ -= bytes;
    InThisOrder();
    const uptr at = next_;
    next_ += bytes;
    return reinterpret_cast<void*>(at);
  }

 private:
  static constexpr uptr kMapped = (kBytes + 4095) & ~uptr{4095};
  static void InThisOrder() { __atomic_signal_fence(__ATOMIC_SEQ_CST); }

  uptr next_ = 0;
  uptr left_ = 0;
};

}  // namespace csan
