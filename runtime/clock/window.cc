#include "clock/window.h"

namespace csan {

constinit u32 window_begin[1 << (32 - kSlotShift)] = {};
constinit u32 half_window = 1u << (kEpochBits - 1);

void LimitWindows(u32 epochs) {
  if (epochs < half_window) half_window = epochs;
}

}  // namespace csan
