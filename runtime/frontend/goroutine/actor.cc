// Goroutines: actors of their own that a scheduler puts on one thread or another.
//
// Edge: creation → first action. A switch makes none unless asked to: two goroutines that take turns on a
// thread are no more ordered than two threads on a processor. The stack may be one that another goroutine
// had: what was done there before is forgotten, as it is for threads.
#include "actor/fiber.h"
#include "actor/thread.h"
#include "detect/leak/goroutine_leak.h"
#include "detect/race/memory_events.h"
#include "frontend/fiber/told.h"
#include "frontend/goroutine/told.h"

using namespace csan;

extern "C" {

csan_actor __csan_actor_create(const char* name) {
  if (Listener() == nullptr) {
    DistrustStackAreas();
    return nullptr;
  }
  Actor* const actor = CreateFiber(Place(CSAN_CALLER_PC()));
  if (actor != nullptr) actor->info->kind = ActorKind::kGoroutine;
  SetThreadName(actor, name);
  return HandleOf(actor);
}

csan_actor __csan_actor_self() { return HandleOf(Self()); }

void __csan_actor_name(csan_actor actor, const char* name) {
  if (Listener() != nullptr) SetThreadName(ActorOf(actor), name);
}

void __csan_actor_stack(csan_actor actor, const void* low, size_t size) {
  if (Listener() == nullptr) return;
  Actor* const self = Self();
  self->desk->has_stack = ActorOf(actor) != self ? ActorOf(actor) : nullptr;
  ActorInfo* const info = ActorOf(actor)->info;
  info->stack_lo = AddrOf(low);
  info->stack_hi = AddrOf(low) + size;
  ForgetRange(AddrOf(low), size);
}

void __csan_actor_memory(csan_actor actor, const void* low, size_t size) {
  if (Listener() != nullptr) ActorOf(actor)->info->memory = {AddrOf(low), AddrOf(low) + size};
}

void __csan_stack_area(const void* low, size_t size) {
  if (Listener() != nullptr) AddStackArea({AddrOf(low), AddrOf(low) + size});
}

int __csan_check_leaks() {
  return Listener() != nullptr ? static_cast<int>(CheckLeaks(true, true)) : 0;
}

void __csan_settle() {
  if (Listener() != nullptr) LetGoroutinesSettle();
}

void __csan_actor_switch(csan_actor to, unsigned flags) {
  if (Listener() == nullptr || to == nullptr) return;
  SwitchToFiber(ActorOf(to), (flags & CSAN_ORDERED) != 0);
  if ((flags & CSAN_UNSEEN) == 0) TellSwitch();
}

void __csan_actor_finish(csan_actor actor) {
  if (Listener() != nullptr && actor != nullptr) DestroyFiber(ActorOf(actor));
}

void __csan_actor_daemon(csan_actor actor) {
  if (Listener() != nullptr) ActorOf(actor)->info->daemon = true;
}
}
