// Wait groups: a count, and who raised it from zero and who waited, as far as not all know of it.
// Edge: each change of the count → the return of a later wait (Go's: what is done before Done).
#pragma once

#include "actor/actor.h"
#include "base/types.h"
#include "sync/channel.h"
#include "sync/marks.h"
#include "sync/table.h"

namespace csan {

struct WaitGroup {
  uptr addr;
  WaitGroup* next;
  sptr count;
  Deed last;  // who changed the count last
  u64 clock;  // its address names the clock
  Marks raises, waits;
};

extern AddressTable<WaitGroup> wait_groups;

// A group of which nothing was told has the count 0.
template <typename Use>
void UseWaitGroup(uptr addr, Use use) {
  wait_groups.With(addr, true, use);
}
// An object begins or ends there.
void ForgetWaitGroup(uptr addr);

}  // namespace csan
