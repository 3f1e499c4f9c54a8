#include "actor/fiber.h"

#include "actor/at_hand.h"
#include "actor/epoch.h"
#include "actor/foreign.h"
#include "actor/kept.h"
#include "actor/thread.h"
#include "actor/waiting.h"
#include "platform/platform.h"

namespace csan {
namespace {

constexpr u32 kAreas = 1 << 12;
constinit AddressRange areas[kAreas] = {};
constinit u32 area_count = 0;
constinit bool areas_distrusted = false;

}  // namespace

// Of more than there is room for the search for leaks sees the old contents.
void AddStackArea(AddressRange area) {
  const u32 i = __atomic_fetch_add(&area_count, 1u, __ATOMIC_RELAXED);
  if (i < kAreas) areas[i] = area;
}
void DistrustStackAreas() { __atomic_store_n(&areas_distrusted, true, __ATOMIC_RELAXED); }
u32 StackAreas() {
  if (__atomic_load_n(&areas_distrusted, __ATOMIC_RELAXED)) return 0;
  return area_count < kAreas ? area_count : kAreas;
}
AddressRange StackArea(u32 i) { return areas[i]; }

Actor* CreateFiber(uptr pc) {
  Actor* fiber = OnThreadCreate(pc);
  if (fiber == nullptr) return nullptr;
  fiber->fiber = true;
  fiber->info->kind = ActorKind::kFiber;
  fiber->info->detached = true;
  fiber->info->os_id = GetTid();
  fiber->info->running = true;
  KeepAtHand(fiber);
  return fiber;
}

Actor* CreateContextFiber(u32 parent, StackId created) {
  Actor* fiber = AllocateActor(parent, created);
  fiber->fiber = true;
  fiber->on_context = true;
  fiber->info->kind = ActorKind::kFiber;
  fiber->info->detached = true;
  fiber->info->running = true;
  KeepAtHand(fiber);
  return fiber;
}

void DestroyFiber(Actor* fiber) {
  if (fiber == nullptr || !fiber->fiber || fiber == Self()) return;
  EndKept(fiber);
  fiber->info->history.Close(&fiber->log_cursor, &fiber->log_limit);
  fiber->info->running = false;
  if (ManyActorsFree()) EmptyShadowStack(fiber);
  RetireActor(fiber);
}

void SwitchToFiber(Actor* to, bool ordered) {
  Actor* from = Self();
  if (from == nullptr || to == nullptr || to == from) return;
  StartLooking();
  // Now its own stack is known, and how much is needed: of the default there is no room for 100 000.
  if (to->suspended_top == nullptr) GiveShadowStack(to, to->info->stack_hi - to->info->stack_lo);
  const Word word = TakeKept(to);
  if (ordered) {
    PrepareRelease(from);
    if (Join(to->clock, *from->clock)) to->learnt = true;
    LearnFirmlyFrom(to, from);
  }
  from->suspended_at = reinterpret_cast<uptr>(__builtin_frame_address(0));
  from->suspended_top = reinterpret_cast<StackEntry*>(ReadTcb64<abi::kTlsStackTop>());
  KeepSlot(from, ordered);
  if (const Actor* thread = OwnActor()) {
    to->info->os_id = thread->info->os_id;
    to->info->thread = thread->id;
  }
  to->desk = from->desk;
  SetSelf(to);
  SetCurrentWord(multi_actor ? word : 0);
  WriteTcb64<abi::kTlsStackTop>(reinterpret_cast<u64>(to->suspended_top));
  // Last: a signal handler finds one in any case.
  from->desk = nullptr;
  KeepAtHand(from);
}

void SwitchToContext(Actor* to) {
  Actor* const from = Self();
  if (from == nullptr || to == from) return;
  Desk* const desk = from->desk;
  LeaveTurn(from);
  SwitchToFiber(to, true);
  TakeTurn(to, desk);
  if (CSAN_UNLIKELY(from->held_count != 0)) TakeThreadsLocks(from, to);
}

void GoOnWith(Actor* other) {
  Actor* const self = Self();
  if (self == nullptr || __atomic_load_n(&other->desk, __ATOMIC_ACQUIRE) != nullptr) return;
  SwitchToContext(other);
  SwitchToContext(self);
}

}  // namespace csan
