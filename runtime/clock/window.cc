#include "clock/window.h"

namespace csan {

constinit u32 window_begin[1 << (32 - kSlotShift)] = {};
constinit u32 half_window = 1u << (kEpochBits - 1);

void LimitWindows(u32 begin, u32 epochs) {
  for (u32& of_slot : window_begin) of_slot = begin;
  if (epochs < half_window) half_window = epochs;
}

}  // namespace csan
