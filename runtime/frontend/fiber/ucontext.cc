// ucontext: each context brings its own shadow stack, or the calls open on one context would be closed
// on another's. Clocks stay with the thread; a context resumed by another thread than it was suspended
// or made on takes the order along: that thread has learnt of it by some means, perhaps of a scheduler
// that is not instrumented. What that may miss: a context handed over without any order.
//
// A context on the stack of a goroutine (<csan/annotate.h>) whose switch was not told goes on with what the
// goroutine did; and the goroutine with that, when one is told again.
//
// State: one record for each ucontext_t that makecontext has prepared or swapcontext has saved to,
// found by its address and kept for ever, at the cost of its shadow stack. What it may miss: contexts
// made by getcontext alone go on with the stack in use, so after a jump back their reported stacks may
// show calls that have ended.
#include <stdarg.h>
#include <ucontext.h>

#include "actor/fiber.h"
#include "actor/thread.h"
#include "base/spin_lock.h"
#include "detect/race/memory_events.h"
#include "frontend/fiber/told.h"
#include "frontend/real.h"
#include "memory/arena.h"
#include "sync/events.h"

CSAN_REAL(makecontext)
CSAN_REAL(swapcontext)
CSAN_REAL(setcontext)

namespace csan {
namespace {

constexpr int kArgumentsMax = 16;

struct Context {
  const ucontext_t* key;
  Context* next;
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

// Some switch to a stack of a goroutine was not told.
constinit bool untold = false;

// What a goroutine does is in sequence, whether or not its switches are told as they should be.
void GoOnWithTold(const Context* c) {
  Actor* const a = c->told;
  if (a == nullptr || a->id != c->told_id || InfoOf(c->told_id)->finished) return;
  untold = true;
  GoOnWith(a);
}

void Enter(const ucontext_t* to) {
  const Context* const c = Find(to, false);
  if (c != nullptr) GoOnWithTold(c);
  Acquire(ClockOf(to));
  if (c != nullptr) UseShadowStack(c->stack);
}
void EnterTold(const ucontext_t* to) {
  if (CSAN_UNLIKELY(untold)) Acquire(ClockOf(to));
}

// The actor whose stack was told last, if it is this one.
Actor* ToldStack(const stack_t& stack) {
  Desk* const desk = Self()->desk;
  Actor* const a = desk->has_stack;
  if (a == nullptr || a->info->stack_lo != reinterpret_cast<uptr>(stack.ss_sp)) return nullptr;
  desk->has_stack = nullptr;
  return a;
}

void Run(Context* c) {
  const u64* a = c->argument;
  c->function(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12],
              a[13], a[14], a[15]);
  // glibc would go on with the linked context by a call that nobody sees.
  if (c->link == nullptr) return;
  if (!TakeToldSwitch() && CSAN_LISTENING()) Enter(c->link);
  real_setcontext()(c->link);
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
  // As a thread's: what others did with the memory when it was another context's stack is forgotten.
  ForgetRange(reinterpret_cast<uptr>(context->uc_stack.ss_sp), size);
  ReleaseStore(ClockOf(context));
  real_makecontext()(context, reinterpret_cast<void (*)()>(Run), 1, c);
}

CSAN_INTERFACE int swapcontext(ucontext_t* from, const ucontext_t* to) noexcept {
  if (TakeToldSwitch()) {
    EnterTold(to);
  } else if (CSAN_LISTENING()) {
    Context* c = Find(from, true);
    const ShadowStack now = CurrentShadowStack();
    if (c->stack.base == now.base) {
      c->stack.top = now.top;
    } else {
      // A thread's stack, perhaps under a key that had another life.
      c->own_size = 0;
      c->stack = now;
    }
    ReleaseStore(ClockOf(from));
    Enter(to);
  }
  return real_swapcontext()(from, to);
}

CSAN_INTERFACE int setcontext(const ucontext_t* to) noexcept {
  if (!TakeToldSwitch() && CSAN_LISTENING()) Enter(to);
  return real_setcontext()(to);
}
}
