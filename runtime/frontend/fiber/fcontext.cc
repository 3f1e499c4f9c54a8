// Boost.Context: its switches are uninstrumented assembly in a shared library, and every Boost fiber,
// coroutine and context of the default implementation ends in these three functions.
//
// Each context is an actor, so reports name the fiber, where it was made and what it waits for. Every switch
// orders what the thread has done before what it does next: the scheduler, which is not instrumented, may
// mean just that, so nothing is accused that a clock of the thread's would not accuse. What that may miss: a
// context handed to another thread without any order, and races of fibers that take turns on one thread.
// Locks of the C library stay the thread's, whichever of its contexts has taken them. A context that runs
// within a fiber of which the program tells (goroutines, TSan's interface) is that fiber's doing, as the
// program names the fiber alone when it tells of a switch; then it only brings its shadow stack.
//
// A suspended context is known by a pointer into its stack that whoever runs next is given, so a switch
// has two halves: Leave() before it, Arrive() with that pointer on the other side. Boost's own end is known
// by what is handed over then, the record above the stack; whoever ends otherwise is taken for suspended,
// until another is made at the same stack. State: one record for each stack top ever used and each thread
// that is in a context, but none for the stack of a goroutine (<csan/annotate.h>: all its switches are told,
// or else what it does is followed as another context's); an actor (fiber.h) for each context that has run.
//
// The functions are weak: a program that links Boost.Context's archive keeps the archive's, and its
// switches are not seen. All that runs is then the thread's doing on one shadow stack.
#include <stddef.h>

#include "actor/fiber.h"
#include "actor/thread.h"
#include "actor/waiting.h"
#include "base/spin_lock.h"
#include "detect/misuse/lock_misuse.h"
#include "detect/race/memory_events.h"
#include "frontend/fiber/told.h"
#include "frontend/libc/modules.h"
#include "frontend/real.h"
#include "memory/arena.h"
#include "sync/events.h"

extern "C" {
struct CsanTransfer {
  void* left;  // the context that was left
  void* data;
};
CsanTransfer jump_fcontext(void* to, void* data);
void* make_fcontext(void* top, size_t size, void (*function)(CsanTransfer));
CsanTransfer ontop_fcontext(void* to, void* data, CsanTransfer (*function)(CsanTransfer));
}

CSAN_REAL(jump_fcontext)
CSAN_REAL(make_fcontext)
CSAN_REAL(ontop_fcontext)

namespace csan {
namespace {

using Entry = void (*)(CsanTransfer);

struct Context {
  u64 clock;  // its address is what counts
  uptr key;   // of the suspended context; 0 while it runs
  uptr top;   // of its stack; 0 for a thread's own
  uptr bottom;
  uptr size;  // that its shadow stack is made for
  Context* next_by_key;
  Context* next_by_top;   // or in the free list
  ShadowStack own;        // none yet if reserved is 0
  ShadowStack suspended;  // base is null if the program told of the switch
  Actor* actor;           // none before it first ran, nor of a thread's own
  const Actor* left_as;   // who ran on it last
  StackId made_at;
  u32 made_by;
  bool made_unseen;  // by a library: its scheduler's own
  bool of_thread;
  bool fresh;
  bool ends;
  Entry function;
  CsanTransfer (*on_top)(
      CsanTransfer);  // what the one that switches away from here wants run there
};

// Boost's contexts keep a record of theirs that much above their stack, and end by handing it over.
constexpr uptr kRecordAbove = 64;

constexpr u32 kBuckets = 4096;
constinit Context* by_key[kBuckets] = {};
constinit Context* by_top[kBuckets] = {};
constinit Context* free_list = nullptr;
constinit Arena<sizeof(Context) * 64> contexts;
constinit SpinLock lock;

Context*& Bucket(Context** table, uptr address) {
  return table[(address * 0x9E3779B97F4A7C15ull) >> 52 & (kBuckets - 1)];
}
uptr ClockOf(const Context* c) { return reinterpret_cast<uptr>(&c->clock); }
uptr Addr(const void* at) { return reinterpret_cast<uptr>(at); }

Context* NewContext() {
  Context* c = free_list;
  if (c != nullptr) {
    free_list = c->next_by_top;
  } else {
    c = static_cast<Context*>(contexts.Take(sizeof(Context), "contexts"));
  }
  *c = {};
  return c;
}
void Free(Context* c) {
  c->next_by_top = free_list;
  free_list = c;
}

Context* TakeByKey(uptr key) {
  for (Context** link = &Bucket(by_key, key); *link != nullptr; link = &(*link)->next_by_key) {
    Context* c = *link;
    if (c->key != key) continue;
    *link = c->next_by_key;
    c->key = 0;
    return c;
  }
  return nullptr;
}

Context* Take(uptr key) {
  SpinGuard guard(lock);
  return TakeByKey(key);
}

// What ran on it does so no more. Of one that a thread was in when it ended, nobody knows.
void End(Context* c) {
  if (c->actor != nullptr && c->actor->desk == nullptr) DestroyFiber(c->actor);
  c->actor = nullptr;
  c->left_as = nullptr;
  c->ends = false;
}

// One that ended there; a thread's cannot have.
void EndByKey(uptr key) {
  Context* const ended = TakeByKey(key);
  if (ended == nullptr || ended->top != 0) return;
  End(ended);
  Free(ended);
}

void Suspend(Context* c, uptr key) {
  SpinGuard guard(lock);
  EndByKey(key);
  c->key = key;
  Context*& head = Bucket(by_key, key);
  c->next_by_key = head;
  head = c;
}

// Another is made at the stack: the record of the one before, if any, is in no table but by_top then.
Context* EndAt(uptr top) {
  for (Context* c = Bucket(by_top, top); c != nullptr; c = c->next_by_top) {
    if (c->top != top) continue;
    if (c->key != 0) TakeByKey(c->key);
    End(c);
    return c;
  }
  return nullptr;
}

// The record of a context to be made.
Context* Made(uptr top, uptr size, Entry function) {
  SpinGuard guard(lock);
  Context* c = EndAt(top);
  if (c == nullptr) {
    c = NewContext();
    c->top = top;
    Context*& head = Bucket(by_top, top);
    c->next_by_top = head;
    head = c;
  }
  if (c->own.reserved != 0 && c->size < size) {
    FreeShadowStack(c->own);
    c->own = {};
  }
  if (c->own.reserved == 0) c->size = size;
  c->bottom = top - size;
  c->fresh = true;
  c->function = function;
  return c;
}

// A goroutine's context needs no record, as all its switches are told: until it runs, the actor has what is
// to be called. Whether it is one.
bool TakesEntry(uptr top, Entry function) {
  Desk* const desk = Self()->desk;
  Actor* const a = desk->has_stack;
  if (a == nullptr || a->info->stack_hi != top) return false;
  desk->has_stack = nullptr;
  a->entry = reinterpret_cast<uptr>(function);
  return true;
}
// What the tables may have of earlier contexts there.
void EndBefore(uptr top, uptr key) {
  SpinGuard guard(lock);
  EndAt(top);
  EndByKey(key);
}

// Whether the program tells of the fiber, and where its stack lies.
bool IsTold(const Actor* a) { return a->fiber && !a->on_context; }

bool IsAt(const Actor* a, uptr at) {
  return IsTold(a) && at >= a->info->stack_lo && at <= a->info->stack_hi && at != 0;
}

bool IsToRunAt(const Actor* a, uptr at) { return a->entry != 0 && IsAt(a, at); }

// The actor whose stack `at` is on, as the program has told: the one whose entry is to be called there, if
// any; null if there is none.
Actor* ActorAt(uptr at) {
  Actor* const self = Self();
  if (CSAN_LIKELY(self != nullptr && IsToRunAt(self, at))) return self;
  Actor* found = nullptr;
  LockActors();
  for (Actor* a = FirstActor(); a != nullptr && (found == nullptr || found->entry == 0);
       a = a->next) {
    if (IsToRunAt(a, at) || (found == nullptr && IsAt(a, at))) found = a;
  }
  UnlockActors();
  return found;
}

Entry TakeEntry(Actor* a) {
  const uptr entry = a->entry;
  a->entry = 0;
  return reinterpret_cast<Entry>(entry);
}

// A switch to a stack that was told of should have been told. What runs there knows all the same what its
// maker did, and what it has done itself after switches that were told.
Actor* GoOnWithTold(uptr at) {
  Actor* const a = ActorAt(at);
  if (a != nullptr) GoOnWith(a);
  return a;
}

// The record of one that was made on such a stack and has not run; else null.
Context* MadeLate(uptr at) {
  Actor* const a = GoOnWithTold(at);
  if (a == nullptr || a->entry == 0) return nullptr;
  const uptr top = a->info->stack_hi;
  Context* const c = Made(top, top - a->info->stack_lo, TakeEntry(a));
  c->made_at = a->info->created;
  c->made_by = a->info->parent;
  return c;
}

Context* Running() { return reinterpret_cast<Context*>(ReadTcb64<abi::kTlsContext>()); }
Context* Left() { return reinterpret_cast<Context*>(ReadTcb64<abi::kTlsLeft>()); }

void NoteMaker(Context* c, uptr pc) {
  Actor* a = Self();
  c->made_at = SiteAt(a, pc);
  c->made_by = a->id;
  c->made_unseen = !IsInstrumented(pc);
}

void UseStackOf(Context* to) {
  if (to->fresh) {
    to->own.top = to->own.base;
    to->suspended = to->own;
  }
  if (to->suspended.base != nullptr) UseShadowStack(to->suspended);
}

Actor* NewActor(const Context* c) {
  Actor* a = CreateContextFiber(c->made_by, c->made_at);
  a->stack_base = a->suspended_top = c->own.base;
  a->stack_limit = c->own.limit;
  a->info->daemon = c->made_unseen;
  a->info->stack_lo = c->bottom;
  a->info->stack_hi = c->top;
  return a;
}

// Who runs on the context, if `now` switches to it.
Actor* ActorOn(Context* to, Actor* now) {
  if (IsTold(now)) return now;
  if (to->of_thread) return OwnActor() != nullptr ? OwnActor() : now;
  if (to->actor == nullptr) to->actor = NewActor(to);
  return to->actor;
}

void Follow(Context* from, Context* to) {
  from->suspended = CurrentShadowStack();
  Actor* const left = Self();
  from->left_as = left;
  if (!left->on_context) ReleaseStore(ClockOf(from));
  if (to->fresh && to->own.reserved == 0) to->own = NewShadowStack(to->size);
  Actor* const next = ActorOn(to, left);
  // What its actor has done, another goes on with.
  if (to->left_as == to->actor && to->actor != nullptr) SwitchToContext(to->actor);
  SwitchToContext(next);
  if (to->left_as != next) Acquire(ClockOf(to));
  UseStackOf(to);
}

// The same when the switch is told, to who was left by one that was not.
void FollowTold(Context* to) {
  if (to->left_as == to->actor && to->actor != nullptr) GoOnWith(to->actor);
  Acquire(ClockOf(to));
  UseStackOf(to);
}

// What a model has told of calls that this stack is in, where they are not the context's own actor's; on the
// stack, it goes with the context.
ModelledCalls LeaveCalls() {
  if (!CSAN_LISTENING() || SwitchTold() || !IsTold(Self())) return {};
  return LeaveModelledCalls();
}
void ResumeCalls(ModelledCalls calls) {
  if ((calls.waits | calls.ignores) != 0 && CSAN_LISTENING()) ResumeModelledCalls(calls);
}

// Before the switch. What is noted of the context left, Arrive needs: null if that is nothing, unless `keep`.
Context* Leave(const void* address, uptr pc, bool keep) {
  const bool told = TakeToldSwitch();
  Context* from = Running();
  bool unseen = false;
  Context* to = Take(Addr(address));
  if (to == nullptr && !told) to = MadeLate(Addr(address));
  {
    SpinGuard guard(lock);
    // The way back from a goroutine is told too.
    if (from == nullptr && (keep || !told || to != nullptr)) {
      from = NewContext();
      from->of_thread = true;
    }
    if (to == nullptr && !told) {
      // Made or suspended where we did not see it.
      to = NewContext();
      to->fresh = unseen = true;
    }
  }
  if (from != nullptr) {
    from->suspended = {};
    from->left_as = nullptr;
  }
  if (!told && CSAN_LISTENING()) {
    if (!to->fresh && !to->of_thread && to->left_as == nullptr) GoOnWithTold(Addr(address));
    if (unseen) NoteMaker(to, pc);
    Follow(from, to);
  }
  if (told && to != nullptr && to->left_as != nullptr && !to->of_thread && CSAN_LISTENING()) {
    FollowTold(to);
  }
  const bool own = to == nullptr || to->of_thread;
  WriteTcb64<abi::kTlsContext>(own ? 0 : reinterpret_cast<u64>(to));
  WriteTcb64<abi::kTlsLeft>(reinterpret_cast<u64>(from));
  if (to == nullptr) return from;
  to->fresh = false;
  if (own) {
    SpinGuard guard(lock);
    Free(to);
  }
  return from;
}

// After it, on whatever thread: nothing of before may be in a register.
void Arrive(const void* left) {
  Context* from = Left();
  if (from == nullptr) return;
  WriteTcb64<abi::kTlsLeft>(0);
  if (!from->ends) return Suspend(from, Addr(left));
  SpinGuard guard(lock);
  End(from);
}

void Run(CsanTransfer t) {
  const Context* const c = Running();
  const Entry function = c != nullptr ? c->function : TakeEntry(ActorAt(Addr(&t)));
  Arrive(t.left);
  function(t);
}

CsanTransfer RunOnTop(CsanTransfer t) {
  auto* const function = Left()->on_top;
  Arrive(t.left);
  return function(t);
}

}  // namespace
}  // namespace csan

using namespace csan;

#define CSAN_WEAK_INTERFACE CSAN_INTERFACE __attribute__((weak))

extern "C" {

CSAN_WEAK_INTERFACE void* make_fcontext(void* top, size_t size, void (*function)(CsanTransfer)) {
  if (!CSAN_LISTENING()) return real_make_fcontext()(top, size, function);
  if (TakesEntry(Addr(top), function)) {
    void* const told = real_make_fcontext()(top, size, Run);
    EndBefore(Addr(top), Addr(told));
    return told;
  }
  Context* const c = Made(Addr(top), size, function);
  NoteMaker(c, CSAN_CALLER_PC());
  // As a thread's: what others did with the memory when it was another context's stack is forgotten.
  ForgetRange(Addr(top) - size, size);
  ReleaseStore(ClockOf(c));
  void* const context = real_make_fcontext()(top, size, Run);
  Suspend(c, Addr(context));
  return context;
}

CSAN_WEAK_INTERFACE CsanTransfer jump_fcontext(void* to, void* data) {
  const ModelledCalls calls = LeaveCalls();
  Leave(to, CSAN_CALLER_PC(), false);
  const CsanTransfer t = real_jump_fcontext()(to, data);
  Arrive(t.left);
  ResumeCalls(calls);
  return t;
}

CSAN_WEAK_INTERFACE CsanTransfer ontop_fcontext(void* to, void* data,
                                                CsanTransfer (*function)(CsanTransfer)) {
  const ModelledCalls calls = LeaveCalls();
  const Context* const ending = Running();
  const bool ends =
      ending != nullptr && ending->top != 0 && Addr(data) == ending->top + kRecordAbove;
  if (ends && CSAN_LISTENING() && Self()->on_context) ReportLocksAtFiberEnd();
  Context* const from = Leave(to, CSAN_CALLER_PC(), true);
  from->on_top = function;
  from->ends = ends;
  const CsanTransfer t = real_ontop_fcontext()(to, data, RunOnTop);
  Arrive(t.left);
  ResumeCalls(calls);
  return t;
}
}
