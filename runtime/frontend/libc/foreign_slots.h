// What a thunk stands for.
#pragma once

#include "base/types.h"

namespace csan {

struct ForeignSlot {
  uptr target;
  u32 module;
};
constexpr u32 kForeignSlots = 1 << 14;
extern ForeignSlot* foreign_slots;

}  // namespace csan
