#include "sync/wait_group.h"

#include "sync/events.h"

namespace csan {

constinit AddressTable<WaitGroup> wait_groups = {};

void ForgetWaitGroup(uptr addr) {
  wait_groups.Remove(addr, [](WaitGroup* g) {
    OnSyncObjectReset(reinterpret_cast<uptr>(&g->clock), sizeof(u64));
    g->raises.Free();
    g->waits.Free();
  });
}

}  // namespace csan
