#include "shadow/stamp.h"

#include "platform/platform.h"

namespace csan {

constinit Stamp* stamps = nullptr;
constinit u32* stamp_links = nullptr;
constinit StampPool stamp_pools[kSlots] = {};

void InitStamps() {
  constexpr uptr kCount = static_cast<uptr>(kSlots) * kStampsPerSlot;
  stamps = static_cast<Stamp*>(MapMemory(sizeof(Stamp) * kCount, "stamps"));
  stamp_links = static_cast<u32*>(MapMemory(sizeof(u32) * kCount, "the lists of free stamps"));
}

}  // namespace csan
