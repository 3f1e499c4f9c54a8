// Boost.Fiber: where its library suspends a fiber until somebody takes it from a queue, and where it is let
// go on. For who looks for leaks (detect/leak/goroutine_leak.cc): the scheduler's lists lead to every fiber,
// so from pointers alone none that waits could be told from one that is about to run.
//
// The library calls both functions by their names, each wait without a limit of time ends in the one, each
// wake in the other; a fiber that waits has been in no call of the second since its call of the first began.
// That this holds is looked at: nothing is believed before the second has been called once, which another
// build of the library may do without a name, nor after a fiber has come back from the first without it.
// State: one record for each context that ever waited, by its address, kept for the next one there.
// Cost: a probe of a table for each such wait, and for each wake.
//
// The names are those of Boost 1.81 with the spin lock that it has by default; without them nothing is told.
#include <stddef.h>

#include "actor/parked.h"
#include "actor/thread.h"
#include "frontend/real.h"
#include "sync/table.h"

extern "C" {
// boost::fibers::wait_queue::suspend_and_wait, boost::fibers::context::wake
void _ZN5boost6fibers10wait_queue16suspend_and_waitERSt11unique_lockINS0_6detail13spinlock_ttasEEPNS0_7contextE(
    void* queue, void* lock, void* context);
bool _ZN5boost6fibers7context4wakeEm(void* context, size_t epoch);
}

CSAN_REAL(
    _ZN5boost6fibers10wait_queue16suspend_and_waitERSt11unique_lockINS0_6detail13spinlock_ttasEEPNS0_7contextE)
CSAN_REAL(_ZN5boost6fibers7context4wakeEm)

namespace csan {
namespace {

constinit AddressTable<Parked> parked;

Parked* Find(const void* context, bool create) {
  Parked* found = nullptr;
  parked.With(reinterpret_cast<uptr>(context), create, [&](Parked* p) { found = p; });
  return found;
}

// A fiber of which the program tells says itself what it waits for.
bool IsOurs(const Actor* a) { return a->on_context || !a->fiber; }

void Begin(const void* queue, const void* context, uptr frame) {
  if (!CSAN_LISTENING() || !IsOurs(Self())) return;
  Park(Find(context, true), reinterpret_cast<uptr>(queue), frame);
}

void End() {
  if (Self() != nullptr && IsOurs(Self()) && !Unpark()) DistrustParking();
}

}  // namespace
}  // namespace csan

using namespace csan;

extern "C" {

CSAN_INTERFACE void
_ZN5boost6fibers10wait_queue16suspend_and_waitERSt11unique_lockINS0_6detail13spinlock_ttasEEPNS0_7contextE(
    void* queue, void* lock, void* context) {
  Begin(queue, context, reinterpret_cast<uptr>(__builtin_frame_address(0)));
  real__ZN5boost6fibers10wait_queue16suspend_and_waitERSt11unique_lockINS0_6detail13spinlock_ttasEEPNS0_7contextE()(
      queue, lock, context);
  End();
}

CSAN_INTERFACE bool _ZN5boost6fibers7context4wakeEm(void* context, size_t epoch) {
  TrustParking();
  Parked* const p = Find(context, false);
  if (p == nullptr) return real__ZN5boost6fibers7context4wakeEm()(context, epoch);
  const u32 number = BeginWake(p);
  const bool woke = real__ZN5boost6fibers7context4wakeEm()(context, epoch);
  EndWake(p, number, woke);
  return woke;
}
}
