#include "actor/thread.h"

#include "actor/actor.h"
#include "actor/epoch.h"
#include "actor/fiber.h"
#include "actor/waiting.h"
#include "base/string.h"
#include "platform/platform.h"

namespace csan {
namespace {

// Entries below the base: unmatched exits (a thread killed in a frame, hand-written switches) walk
// down into them instead of out of the mapping.
constexpr uptr kSlack = 256;
constexpr uptr kStackDefault = 8 << 20;

// Where instrumented code that runs before the first or after the last event of a thread pushes.
alignas(64) constinit StackEntry orphan_stack[1 << 14] = {};

uptr Reservation(uptr stack_size) {
  // A frame of a function that pushes has at least a return address and a saved frame pointer, 16
  // bytes, as much as an entry: the reservation cannot overflow before the stack does.
  return (stack_size == 0 ? kStackDefault : stack_size) + 2 * kSlack * sizeof(StackEntry);
}

StackEntry* LimitOf(StackEntry* base, uptr reserved) {
  const uptr entries = reserved / sizeof(StackEntry);
  return base + entries - 2 * kSlack;
}

// Mostly a few pages of it are ever used.
StackEntry* MapStack(uptr need) {
  void* const at = MapMemory(need, "a shadow stack");
  UseSmallPages(reinterpret_cast<uptr>(at), need);
  return static_cast<StackEntry*>(at) + kSlack;
}

}  // namespace

void GiveShadowStack(Actor* a, uptr stack_size) {
  const uptr need = Reservation(stack_size);
  if (a->stack_reserved < need) {
    if (a->stack_reserved != 0) UnmapMemory(a->own_stack - kSlack, a->stack_reserved);
    a->own_stack = MapStack(need);
    a->stack_reserved = need;
  }
  a->stack_base = a->suspended_top = a->own_stack;
  a->stack_limit = LimitOf(a->own_stack, a->stack_reserved);
}

void EmptyShadowStack(Actor* a) {
  if (a->stack_reserved == 0) return;
  ReleasePages(reinterpret_cast<uptr>(a->own_stack - kSlack), a->stack_reserved);
}

void UseOrphanStack() {
  WriteTcb64<abi::kTlsStackTop>(reinterpret_cast<u64>(&orphan_stack[kSlack]));
}

ShadowStack NewShadowStack(uptr stack_size) {
  const uptr need = Reservation(stack_size);
  StackEntry* base = MapStack(need);
  return {base, base, LimitOf(base, need), need};
}

void FreeShadowStack(const ShadowStack& stack) { UnmapMemory(stack.base - kSlack, stack.reserved); }

ShadowStack CurrentShadowStack() {
  const Actor* a = Self();
  auto* top = reinterpret_cast<StackEntry*>(ReadTcb64<abi::kTlsStackTop>());
  return {a->stack_base, top, a->stack_limit, 0};
}

void UseShadowStack(const ShadowStack& stack) {
  Actor* a = Self();
  a->stack_base = stack.base;
  a->stack_limit = stack.limit;
  WriteTcb64<abi::kTlsStackTop>(reinterpret_cast<u64>(stack.top));
}

void AdoptThread(Actor* a, uptr stack_lo, uptr stack_hi) {
  a->info->os_id = GetTid();
  a->info->thread = a->id;
  a->info->running = true;
  a->info->stack_lo = stack_lo;
  a->info->stack_hi = stack_hi;
  a->desk = TakeDesk();
  GiveShadowStack(a, stack_hi - stack_lo);
  WriteTcb64<abi::kTlsStackTop>(reinterpret_cast<u64>(a->stack_base));
  SetCurrentWord(multi_actor ? kNoEpoch : 0);
  a->control_block = ReadTcb64<kTcbSelf>();
  SetSelf(a);
  WriteTcb64<abi::kTlsOwnActor>(reinterpret_cast<u64>(a));
}

void ForgetControlBlock(Actor* a) {
  if (a->control_block == 0) return;
  for (uptr field = abi::kTlsEpoch; field <= abi::kTlsSwitchTold; field += sizeof(u64)) {
    *reinterpret_cast<u64*>(a->control_block + field) = 0;
  }
  a->control_block = 0;
}

Actor* OnThreadCreate(uptr pc) {
  Actor* parent = Self();
  if (parent == nullptr) return nullptr;
  StartLooking();
  Actor* child = AllocateActor(parent->id, SiteAt(parent, pc));
  const bool second = !multi_actor;
  if (!second) PrepareRelease(parent);
  Join(child->clock, *parent->clock);
  LearnFirmlyFrom(child, parent);
  __atomic_store_n(&multi_actor, true, __ATOMIC_RELEASE);
  if (second) NoteHeldLocks(parent);
  EndEpoch(parent);
  return child;
}

void OnThreadCreateFailed(Actor* actor) {
  if (actor != nullptr) FreeActor(actor);
}

void OnThreadStart(Actor* actor, uptr stack_lo, uptr stack_hi, uptr tls_lo, uptr tls_hi) {
  if (actor == nullptr) return;
  AdoptThread(actor, stack_lo, stack_hi);
  SetThreadLocals(actor, tls_lo, tls_hi);
}

void SetThreadLocals(Actor* actor, uptr tls_lo, uptr tls_hi) {
  RareInfo* const info = RareOf(actor->id);
  info->tls_lo = tls_lo;
  info->tls_hi = tls_hi;
}

void OnThreadFinish() {
  Actor* a = OwnActor();
  if (Self() == nullptr || a == nullptr) return;
  // A fiber that is current when its thread ends is left, as if the thread had switched back.
  SwitchToFiber(a, true);
  SetSelf(nullptr);
  WriteTcb64<abi::kTlsOwnActor>(0);
  WriteTcb64<abi::kTlsContext>(0);
  WriteTcb64<abi::kTlsLeft>(0);
  UseOrphanStack();
  ReleaseSlot(a);
  WriteTcb64<abi::kTlsEpoch>(0);
  FlushCache(a->desk->heap_cache);
  GiveDesk(a->desk);
  a->desk = nullptr;
  a->info->history.Close(&a->log_cursor, &a->log_limit);
  a->info->running = false;
  RetireActor(a);
}

void OnThreadJoin(Actor* actor, uptr) {
  Actor* a = Self();
  if (actor == nullptr) return;
  if (a != nullptr) {
    if (Join(a->clock, *actor->clock)) a->learnt = true;
    LearnFirmlyFrom(a, actor);
  }
  actor->info->joined = true;
  FreeActor(actor);
}

void OnThreadDetach(Actor* actor) {
  if (actor != nullptr) DetachActor(actor);
}

void SetThreadName(Actor* actor, const char* name) {
  if (actor == nullptr || name == nullptr) return;
  auto& to = RareOf(actor->id)->name;
  if (*name == 0 && *to == 0) return;  // most have none
  StrCopy(to, name, sizeof(to));
}

}  // namespace csan
