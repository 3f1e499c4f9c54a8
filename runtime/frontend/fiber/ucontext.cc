// ucontext: who runs on a stack that makecontext was given is an actor, and brings its own shadow stack.
//
// A context is its stack, whatever ucontext_t it is saved in: the stack pointer in there says which, so one
// that getcontext has made, or that is a copy, is who it was. Every switch orders what the thread has done
// before what it does next, and a context resumed by another thread than it was suspended or made on takes
// the order along: that thread has learnt of it by some means, perhaps of a scheduler that is not
// instrumented. So nothing is accused that a clock of the thread's would not accuse, not even if a context
// were taken for another. What that may miss: a context handed over without any order, and races of contexts
// that take turns on one thread. Locks of the C library stay the thread's, whichever of its contexts has
// taken them. A fiber of which the program tells, by ThreadSanitizer's interface or a model, is the one that
// runs, whatever contexts it uses.
//
// A context on the stack of a goroutine (<csan/annotate.h>) whose switch was not told goes on with what the
// goroutine did; and the goroutine with that, when one is told again.
//
// State: one record for each ucontext_t that makecontext has prepared or swapcontext has saved to, found by
// its address, and one for each stack, found by its end, both kept for ever; an actor (actor/fiber.h) for
// each context that has run, until its function returns or another is made at its stack. What it may miss:
// contexts made by getcontext alone go on with the stack in use, so after a jump back their reported stacks
// may show calls that have ended.
#include <stdarg.h>
#include <ucontext.h>

#include "actor/fiber.h"
#include "actor/thread.h"
#include "base/spin_lock.h"
#include "detect/race/memory_events.h"
#include "frontend/fiber/told.h"
#include "frontend/libc/modules.h"
#include "frontend/real.h"
#include "memory/arena.h"
#include "sync/events.h"
#include "sync/table.h"

CSAN_REAL(makecontext)
CSAN_REAL(swapcontext)
CSAN_REAL(setcontext)

namespace csan {
namespace {

constexpr int kArgumentsMax = 16;

struct Stack {
  uptr addr;  // its end
  Stack* next;
  Stack* before;  // in the list of all
  uptr bottom;
  Actor* actor;  // none before its context first ran, nor after its end
  StackId made_at;
  u32 made_by;
  u32 number;        // of its context, among all; 0: it has ended
  bool made_unseen;  // by a library: its scheduler's own
};

struct Context {
  const ucontext_t* key;
  Context* next;
  Stack* on;  // where who was made or saved there runs; null for a thread's own
  ShadowStack stack;
  uptr own_size;  // of the program's stack that `stack` was made for; 0: borrowed from a thread
  void (*function)(u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64, u64);
  u64 argument[kArgumentsMax];
  const ucontext_t* link;
  Actor* told;  // whose stack it is, as the program has told; null if it has not
  u32 told_id;
};

constexpr u32 kBuckets = 4096;
constinit Context* buckets[kBuckets] = {};
constinit Arena<sizeof(Context) * 64> contexts;
constinit SpinLock lock;

Context* Find(const ucontext_t* key, bool create) {
  SpinGuard guard(lock);
  Context*& head =
      buckets[(reinterpret_cast<uptr>(key) * 0x9E3779B97F4A7C15ull) >> 52 & (kBuckets - 1)];
  for (Context* c = head; c != nullptr; c = c->next) {
    if (c->key == key) return c;
  }
  if (!create) return nullptr;
  auto* c = static_cast<Context*>(contexts.Take(sizeof(Context), "contexts"));
  c->key = key;
  c->next = head;
  head = c;
  return c;
}

uptr ClockOf(const ucontext_t* context) { return reinterpret_cast<uptr>(context); }

// ---- Who runs

// Of an actor that is one of ours.
struct Runs {
  uptr addr;
  Runs* next;
  Stack* stack;
};
constinit AddressTable<Stack> stacks;
constinit AddressTable<Runs> running;
constinit Stack* all_stacks = nullptr;
constinit u32 made_ever = 0;

uptr Addr(const void* at) { return reinterpret_cast<uptr>(at); }

Stack* StackOf(const Actor* a) {
  Stack* stack = nullptr;
  if (a->on_context) running.With(Addr(a), false, [&](const Runs* r) { stack = r->stack; });
  return stack;
}

// Whether switches decide who runs: not if the program tells that by other means.
bool SwitchesCount(const Actor* self, const Stack* on) {
  return OwnActor() != nullptr && (self == OwnActor() || on != nullptr) && !self->call_told &&
         !self->entry_told;
}

void End(Stack* stack) {
  stack->number = 0;
  Actor* const a = stack->actor;
  stack->actor = nullptr;
  if (a == nullptr) return;
  running.Remove(Addr(a), [](Runs*) {});
  if (a->desk == nullptr) DestroyFiber(a);
}

Stack* Make(const stack_t& memory, uptr pc) {
  const uptr bottom = Addr(memory.ss_sp);
  Stack* stack = nullptr;
  bool fresh = false;
  stacks.With(bottom + memory.ss_size, true, [&](Stack* s) {
    stack = s;
    fresh = s->bottom == 0;
    s->bottom = bottom;
  });
  if (fresh) {
    SpinGuard guard(lock);
    stack->before = all_stacks;
    __atomic_store_n(&all_stacks, stack, __ATOMIC_RELEASE);
  }
  End(stack);
  stack->made_at = SiteAt(Self(), pc);
  stack->made_by = Self()->id;
  stack->made_unseen = !IsInstrumented(pc);
  stack->number = __atomic_add_fetch(&made_ever, 1u, __ATOMIC_RELAXED);
  return stack;
}

bool IsOn(const Stack* stack, uptr sp) {
  return stack != nullptr && stack->number != 0 && sp > stack->bottom && sp <= stack->addr;
}

// Whose stack a context that nobody is known to have saved there would run on; the last one made, where the
// memory of one has become another's.
Stack* Search(uptr sp) {
  Stack* found = nullptr;
  for (Stack* s = __atomic_load_n(&all_stacks, __ATOMIC_ACQUIRE); s != nullptr; s = s->before) {
    if (IsOn(s, sp) && (found == nullptr || s->number > found->number)) found = s;
  }
  return found;
}

// Null for a thread's own.
Stack* TargetOf(const ucontext_t* to, const Context* saved, Stack* now) {
  const auto sp = static_cast<uptr>(to->uc_mcontext.gregs[REG_RSP]);
  if (saved != nullptr && IsOn(saved->on, sp)) return saved->on;
  if (IsOn(now, sp)) return now;
  const ActorInfo* const own = OwnActor()->info;
  if (sp > own->stack_lo && sp <= own->stack_hi) return nullptr;
  return Search(sp);
}

Actor* ActorOn(Stack* stack, const Context* saved) {
  if (stack == nullptr) return OwnActor();
  if (stack->actor != nullptr) return stack->actor;
  Actor* const a = CreateContextFiber(stack->made_by, stack->made_at);
  if (saved != nullptr && saved->on == stack) {
    a->stack_base = a->suspended_top = saved->stack.base;
    a->stack_limit = saved->stack.limit;
  }
  a->info->daemon = stack->made_unseen;
  running.With(Addr(a), true, [&](Runs* r) { r->stack = stack; });
  return stack->actor = a;
}

// ---- Goroutines

// Some switch to a stack of a goroutine was not told.
constinit bool untold = false;

// What a goroutine does is in sequence, whether or not its switches are told as they should be.
void GoOnWithTold(const Context* c) {
  Actor* const a = c->told;
  if (a == nullptr || a->id != c->told_id || InfoOf(c->told_id)->finished) return;
  untold = true;
  GoOnWith(a);
}

void EnterTold(const ucontext_t* to) {
  if (CSAN_UNLIKELY(untold)) Acquire(ClockOf(to));
}

// The actor whose stack was told last, if it is this one.
Actor* ToldStack(const stack_t& stack) {
  Desk* const desk = Self()->desk;
  Actor* const a = desk->has_stack;
  if (a == nullptr || a->info->stack_lo != Addr(stack.ss_sp)) return nullptr;
  desk->has_stack = nullptr;
  return a;
}

// ---- Switches

// Saves who runs in `from`, if it is not null.
void Follow(const ucontext_t* from, const ucontext_t* to) {
  Actor* const self = Self();
  Stack* const now = StackOf(self);
  if (from != nullptr) {
    Context* const c = Find(from, true);
    const ShadowStack shadow = CurrentShadowStack();
    if (c->stack.base == shadow.base) {
      c->stack.top = shadow.top;
    } else {
      // A thread's stack, perhaps under a key that had another life.
      c->own_size = 0;
      c->stack = shadow;
    }
    c->on = now;
    ReleaseStore(ClockOf(from));
  }
  const Context* const saved = Find(to, false);
  Actor* next = self;
  if (saved != nullptr) GoOnWithTold(saved);
  if (SwitchesCount(self, now)) {
    Stack* const target = TargetOf(to, saved, now);
    next = ActorOn(target, saved);
    // Somewhere else already: a mistake, of the program's or ours.
    if (next != self && next->desk != nullptr) next = self;
    SwitchToContext(next);
    // What it was saved as may not be what runs there now.
    if (next != self && saved != nullptr && saved->on != target) return Acquire(ClockOf(to));
  }
  Acquire(ClockOf(to));
  if (saved != nullptr) UseShadowStack(saved->stack);
}

void Run(Context* c) {
  const u64* a = c->argument;
  c->function(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12],
              a[13], a[14], a[15]);
  // glibc would go on with the linked context by a call that nobody sees.
  if (c->link == nullptr) return;
  const ucontext_t* const link = c->link;
  if (!TakeToldSwitch() && CSAN_LISTENING()) {
    const Actor* const ended = Self();
    Stack* const stack = StackOf(ended);
    Follow(nullptr, link);
    if (stack != nullptr && Self() != ended) End(stack);
  }
  real_setcontext()(link);
}

}  // namespace
}  // namespace csan

using namespace csan;

extern "C" {

CSAN_INTERFACE void makecontext(ucontext_t* context, void (*function)(), int count, ...) noexcept {
  va_list list;
  va_start(list, count);
  u64 arguments[kArgumentsMax] = {};
  for (int i = 0; i < count && i < kArgumentsMax; i++) arguments[i] = va_arg(list, u64);
  va_end(list);
  if (!CSAN_LISTENING() || count > kArgumentsMax) {
    real_makecontext()(context, function, count, arguments[0], arguments[1], arguments[2],
                       arguments[3], arguments[4], arguments[5], arguments[6], arguments[7],
                       arguments[8], arguments[9], arguments[10], arguments[11], arguments[12],
                       arguments[13], arguments[14], arguments[15]);
    return;
  }
  Context* c = Find(context, true);
  const uptr size = context->uc_stack.ss_size;
  if (c->own_size < size || c->own_size == 0) {
    if (c->own_size != 0) FreeShadowStack(c->stack);
    c->stack = NewShadowStack(size);
    c->own_size = size;
  }
  c->stack.top = c->stack.base;
  c->function = reinterpret_cast<decltype(c->function)>(function);
  for (int i = 0; i < kArgumentsMax; i++) c->argument[i] = arguments[i];
  c->link = context->uc_link;
  c->told = ToldStack(context->uc_stack);
  c->told_id = c->told != nullptr ? c->told->id : 0;
  c->on = Make(context->uc_stack, CSAN_CALLER_PC());
  if (c->told != nullptr) {
    c->on->number = 0;
    c->on = nullptr;
  }
  // As a thread's: what others did with the memory when it was another context's stack is forgotten.
  ForgetRange(reinterpret_cast<uptr>(context->uc_stack.ss_sp), size);
  ReleaseStore(ClockOf(context));
  real_makecontext()(context, reinterpret_cast<void (*)()>(Run), 1, c);
}

CSAN_INTERFACE int swapcontext(ucontext_t* from, const ucontext_t* to) noexcept {
  if (TakeToldSwitch()) {
    EnterTold(to);
  } else if (CSAN_LISTENING()) {
    Follow(from, to);
  }
  return real_swapcontext()(from, to);
}

CSAN_INTERFACE int setcontext(const ucontext_t* to) noexcept {
  if (!TakeToldSwitch() && CSAN_LISTENING()) Follow(nullptr, to);
  return real_setcontext()(to);
}
}
