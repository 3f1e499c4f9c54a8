#include "frontend/goroutine/named_fiber.h"

#include "actor/actor.h"
#include "actor/fiber.h"
#include "frontend/goroutine/told.h"
#include "sync/events.h"
#include "sync/outside.h"
#include "sync/table.h"

namespace csan {
namespace {

struct Named {
  uptr addr;
  Named* next;
  Actor* actor;
  u64 clock;  // its address is what counts: of who made it
  bool ran;
};
constinit AddressTable<Named> names;

// Those that have ended while they ran, by actor: whoever runs next on their thread removes them.
struct Ending {
  uptr addr;
  Ending* next;
};
constinit AddressTable<Ending> endings;
constinit u32 ending_count = 0;

void RemoveIfEnded(Actor* left) {
  if (CSAN_LIKELY(__atomic_load_n(&ending_count, __ATOMIC_ACQUIRE) == 0)) return;
  if (!endings.Remove(AddrOf(left), [](Ending*) {})) return;
  __atomic_fetch_sub(&ending_count, 1u, __ATOMIC_RELAXED);
  DestroyFiber(left);
}

bool Runs(const Actor* a) { return __atomic_load_n(&a->desk, __ATOMIC_ACQUIRE) != nullptr; }

void Go(Actor* to) {
  Actor* const left = Self();
  if (to == left || Runs(to)) return;
  SwitchToContext(to);
  RemoveIfEnded(left);
}

}  // namespace

void SpawnFiber(uptr name, uptr pc) {
  Actor* const self = Self();
  Actor* before = nullptr;
  uptr clock = 0;
  Actor* const fiber = CreateContextFiber(self->id, SiteAt(self, pc));
  names.With(name, true, [&](Named* n) {
    if (n->actor != nullptr && !n->ran) before = n->actor;
    n->actor = fiber;
    n->ran = false;
    clock = AddrOf(&n->clock);
  });
  DestroyFiber(before);
  ForgetOutside(name);
  ReleaseStore(clock);
}

void RunFiber(uptr name) {
  if (Self()->on_context) BecomeKnownAs(Self(), name);
}

void FinishFiber(uptr name) {
  Actor* ended = nullptr;
  LeaveAt(name);
  if (Self()->on_context && KnownAs(Self()) == name) return BecomeKnownAs(Self(), 0);
  names.Remove(name, [&](Named* n) { ended = n->actor; });
  if (ended == nullptr) return;
  if (!Runs(ended)) return DestroyFiber(ended);
  endings.With(AddrOf(ended), true, [](Ending*) {});
  __atomic_fetch_add(&ending_count, 1u, __ATOMIC_RELEASE);
}

u32 IdOfFiber(uptr name) {
  u32 id = Wait::kNobody;
  names.With(name, false, [&](const Named* n) { id = n->actor->id; });
  return id;
}

Actor* LeaveForFiber(uptr name) {
  Actor* const left = Self();
  if (name == 0) {
    left->call_told = true;
    return left;
  }
  Actor* to = OwnActor();
  uptr clock = 0;
  names.With(name, false, [&](Named* n) {
    to = n->actor;
    if (!n->ran) clock = AddrOf(&n->clock);
    n->ran = true;
  });
  if (to != nullptr) Go(to);
  if (clock != 0) Acquire(clock);
  // The call is made by who runs now.
  (clock != 0 ? Self()->entry_told : Self()->call_told) = true;
  return left;
}

void ReturnToFiber(Actor* a) {
  if (a != nullptr) Go(a);
  Self()->call_told = Self()->entry_told = false;
}

}  // namespace csan
