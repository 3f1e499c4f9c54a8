#include "shadow/stamp.h"

#include "platform/platform.h"

namespace csan {

constinit Stamp* stamps = nullptr;
constinit StampPool stamp_pools[kSlots] = {};

void InitStamps() {
  stamps = static_cast<Stamp*>(
      MapMemory(sizeof(Stamp) * static_cast<uptr>(kSlots) * kStampsPerSlot, "stamps"));
}

}  // namespace csan
