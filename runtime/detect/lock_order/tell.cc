#include "detect/lock_order/tell.h"

#include "base/format.h"
#include "detect/evidence.h"
#include "detect/lock_order/lock_graph.h"

namespace csan::lock_order {
namespace {

void PutId(Text* text, u32 id) {
  if (id == 0) {
    text->Str("the main thread");
  } else {
    text->Str("T").Dec(id);
  }
}

const Want& WantOf(u32 request) { return WantAt(RequestAt(request).want); }

void TellHeld(Finding* f, const Place& place, uptr addr) {
  for (u32 i = place.held_count; i-- > 0;) {
    const HeldNote& held = place.held[i];
    if (held.addr != addr) continue;
    const bool reads = held.mode == LockMode::kRead;
    AddStep(f, place.actor, reads ? "takes for reading" : "takes", addr, held.taken);
    return;
  }
  AddStep(f, place.actor, "takes", addr, 0);
}

// The schedule: everybody comes to hold one of the locks, and then nobody gets the next.
void PutSchedule(Text* why, const Cycle& cycle, const Place* places) {
  const u32 n = cycle.size;
  why->Str("it hangs if ");
  for (u32 i = 0; i < n; i++) {
    if (i != 0) why->Str(i + 1 == n ? " and " : ", ");
    PutId(why, places[i].actor);
    why->Str(i == 0 ? " holds " : " ")
        .Hex(LockAt(WantOf(cycle.request[(i + n - 1) % n]).lock).addr);
  }
  why->Str(n == 2 ? " before either asks for the other's." : " before any asks for the next's.");
}

}  // namespace

void FillCycle(Finding* f, const Cycle& cycle, const Place* places) {
  const u32 n = cycle.size;
  for (u32 i = 0; i < n; i++) {
    TellHeld(f, places[i], LockAt(WantOf(cycle.request[(i + n - 1) % n]).lock).addr);
    const Want& want = WantOf(cycle.request[i]);
    const bool reads = want.mode == LockMode::kRead;
    AddStep(f, places[i].actor, reads ? "then asks to read-lock" : "then asks for",
            LockAt(want.lock).addr, RequestAt(cycle.request[i]).asked);
  }
  Text why(f->why, sizeof(f->why));
  PutSchedule(&why, cycle, places);
}

}  // namespace csan::lock_order
