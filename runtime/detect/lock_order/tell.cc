#include "detect/lock_order/tell.h"

#include "base/format.h"
#include "detect/evidence.h"
#include "detect/lock_order/candidate.h"
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

// The lock that the one before in the cycle asks for.
LockId LockBefore(const Cycle& cycle, u32 i) {
  return RequestAt(cycle.request[(i + cycle.size - 1) % cycle.size]).lock();
}

uptr HeldAt(const Cycle& cycle, const Place* places, u32 i) {
  const HeldNote* held = HeldAs(cycle.request[i], places[i], LockBefore(cycle, i));
  return held != nullptr ? held->addr : LockAt(LockBefore(cycle, i)).addr;
}

void TellHeld(Finding* f, const Cycle& cycle, const Place* places, u32 i) {
  const HeldNote* held = HeldAs(cycle.request[i], places[i], LockBefore(cycle, i));
  const bool reads = held != nullptr && held->mode == LockMode::kRead;
  AddStep(f, places[i].actor, reads ? "takes for reading" : "takes", HeldAt(cycle, places, i),
          held != nullptr ? held->taken : 0);
}

// The schedule: everybody comes to hold one of the locks, and then nobody gets the next.
void PutSchedule(Text* why, const Cycle& cycle, const Place* places) {
  const u32 n = cycle.size;
  why->Str("it hangs if ");
  for (u32 i = 0; i < n; i++) {
    if (i != 0) why->Str(i + 1 == n ? " and " : ", ");
    PutId(why, places[i].actor);
    why->Str(i == 0 ? " holds " : " ").Hex(HeldAt(cycle, places, i));
  }
  why->Str(n == 2 ? " before either asks for the other's." : " before any asks for the next's.");
}

}  // namespace

void FillCycle(Finding* f, const Cycle& cycle, const Place* places) {
  const u32 n = cycle.size;
  for (u32 i = 0; i < n; i++) {
    TellHeld(f, cycle, places, i);
    const Request& request = RequestAt(cycle.request[i]);
    const bool reads = request.mode() == LockMode::kRead;
    AddStep(f, places[i].actor, reads ? "then asks to read-lock" : "then asks for", places[i].asked,
            request.asked);
  }
  Text why(f->why, sizeof(f->why));
  PutSchedule(&why, cycle, places);
  for (u32 i = 0; i < n; i++) {
    if (places[i].asked == HeldAt(cycle, places, (i + 1) % n)) continue;
    why.Str(" Here the locks are others, made at the same places.");
    break;
  }
}

}  // namespace csan::lock_order
