// Threads. Edges: create → first action of the thread; its last action → return of a join.
//
// The thread's last event is sent from a key destructor that re-arms itself until glibc's last round,
// so that destructors of thread_local objects (run before) and of the program's keys are checked.
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <threads.h>

#include "actor/actor.h"
#include "actor/thread.h"
#include "actor/waiting.h"
#include "base/spin_lock.h"
#include "config/flags.h"
#include "detect/misuse/lock_misuse.h"
#include "detect/race/memory_events.h"
#include "frontend/libc/foreign.h"
#include "frontend/pthread/adopt.h"
#include "frontend/pthread/watchdog.h"
#include "frontend/real.h"
#include "memory/pool.h"
#include "platform/platform.h"
#include "sync/initialiser.h"

CSAN_REAL_VERSION(pthread_create, nullptr)
CSAN_REAL(pthread_join)
CSAN_REAL(pthread_detach)
CSAN_REAL(pthread_tryjoin_np)
CSAN_REAL(pthread_timedjoin_np)
CSAN_REAL(pthread_clockjoin_np)
CSAN_REAL(pthread_setname_np)

extern "C" {
void _pthread_cleanup_push(_pthread_cleanup_buffer* buffer, void (*routine)(void*), void* argument);
void _pthread_cleanup_pop(_pthread_cleanup_buffer* buffer, int execute);
}
CSAN_REAL(_pthread_cleanup_push)
CSAN_REAL(_pthread_cleanup_pop)

namespace csan {
namespace {

// Not on the parent's stack: the child's keeps its address, and a search for leaks would take that for a use.
struct Start {
  void* (*function)(void*);
  void* argument;
  Actor* actor;
  u32 ready;  // 1 once the parent has entered the handle
  Start* next;
};

// Handles of threads that may still be joined: pthread_t → actor. Open addressing would need
// deletion; threads are few and joins rare, so a small chained table does.
struct Entry {
  pthread_t thread;
  Actor* actor;
  Entry* next;
};
constexpr u32 kBuckets = 4096;
constinit Entry* buckets[kBuckets] = {};
constinit Pool<Entry, 1024> entries;
constinit SharedPool<Start, 64> starts;
constinit SpinLock table_lock;
constinit pthread_key_t finish_key = 0;
constinit bool finish_key_made = false;

u32 BucketOf(pthread_t thread) {
  return static_cast<u32>((thread * 0x9E3779B97F4A7C15ull) >> 52) & (kBuckets - 1);
}

void Enter(pthread_t thread, Actor* actor) {
  SpinGuard guard(table_lock);
  Entry* entry = entries.Take("thread handles");
  *entry = {thread, actor, buckets[BucketOf(thread)]};
  buckets[BucketOf(thread)] = entry;
}

Actor* Find(pthread_t thread, bool remove) {
  SpinGuard guard(table_lock);
  for (Entry** link = &buckets[BucketOf(thread)]; *link != nullptr; link = &(*link)->next) {
    Entry* entry = *link;
    if (entry->thread != thread) continue;
    Actor* actor = entry->actor;
    if (remove) {
      *link = entry->next;
      entries.Give(entry);
    }
    return actor;
  }
  return nullptr;
}

struct Ranges {
  uptr lo, hi;
};

// The stack, with the static TLS and control block that glibc puts above it.
Ranges OwnStack() {
  pthread_attr_t attr;
  void* at = nullptr;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attr) == 0) {
    pthread_attr_getstack(&attr, &at, &size);
    pthread_attr_destroy(&attr);
  }
  Ranges r = {reinterpret_cast<uptr>(at), reinterpret_cast<uptr>(at) + size};
  const uptr self = pthread_self();
  if (self > r.hi && self - r.hi < (1 << 20)) r.hi = self + 4096;
  return r;
}

// The static TLS block ends at the control block, which glibc counts into its size.
Ranges OwnTls() {
  constexpr uptr kControlBlock = 0x900;
  static constinit void (*info)(size_t*, size_t*) = nullptr;
  if (info == nullptr) {
    info = reinterpret_cast<decltype(info)>(dlsym(RTLD_DEFAULT, "_dl_get_tls_static_info"));
  }
  if (info == nullptr) return {};
  size_t size = 0;
  size_t align = 0;
  info(&size, &align);
  const uptr end = pthread_self();
  return size < kControlBlock ? Ranges{} : Ranges{end - (size - kControlBlock), end};
}

void Finish(void* round) {
  const uptr n = reinterpret_cast<uptr>(round);
  if (n < PTHREAD_DESTRUCTOR_ITERATIONS) {
    pthread_setspecific(finish_key, reinterpret_cast<void*>(n + 1));
    return;
  }
  Actor* a = OwnActor();
  if (a == nullptr) return;
  const uptr lo = a->info->stack_lo;
  const uptr hi = a->info->stack_hi;
  const bool main = a->id == 0;
  ReportLocksAtExit();
  OnThreadFinish();
  // libc will hand the memory to another thread, or unmap it, without a word to us.
  if (!main) ForgetRange(lo, hi - lo);
  if (NobodyLeft()) StopWatchdog();
}

void MakeFinishKey() {
  if (finish_key_made) return;
  RuntimeScope scope;
  finish_key_made = pthread_key_create(&finish_key, Finish) == 0;
  // The main thread may end before others do.
  if (Self() != nullptr && Self()->id == 0)
    pthread_setspecific(finish_key, reinterpret_cast<void*>(1));
}

// The calling thread becomes `actor`. Its memory was another thread's before.
void Begin(Actor* actor) {
  const Ranges stack = OwnStack();
  ForgetRange(stack.lo, stack.hi - stack.lo);
  const Ranges tls = OwnTls();
  OnThreadStart(actor, stack.lo, stack.hi, tls.lo, tls.hi);
  pthread_setspecific(finish_key, reinterpret_cast<void*>(1));
}

// No tail call: the caller's frame stays where it is.
void* Kept(void* result) {
  __asm__ volatile("" : "+r"(result));
  return result;
}

[[gnu::noinline]] void* RunCleanly(void* argument) {
  // Whoever had the control block before may have been cancelled in the runtime.
  WriteTcb64<abi::kTlsInRuntime>(0);
  Start* start = static_cast<Start*>(argument);
  void* (*function)(void*) = start->function;
  void* const function_argument = start->argument;
  // The parent must have entered the handle before the thread can be joined by number.
  while (__atomic_load_n(&start->ready, __ATOMIC_ACQUIRE) == 0) Yield();
  Begin(start->actor);
  if (start->actor != nullptr)
    RareOf(start->actor->id)->frames_hi = reinterpret_cast<uptr>(__builtin_frame_address(0));
  __atomic_store_n(&start->ready, 2u, __ATOMIC_RELEASE);
  return Kept(function(function_argument));
}

// What the parent had in registers when it made the thread is none of the child's.
void* Run(void* argument) {
  __asm__ volatile(
      "xorl %%ebx, %%ebx\n xorl %%r12d, %%r12d\n xorl %%r13d, %%r13d\n"
      "xorl %%r14d, %%r14d\n xorl %%r15d, %%r15d" ::
          : "rbx", "r12", "r13", "r14", "r15");
  return Kept(RunCleanly(argument));
}

int CreateThread(pthread_t* thread, const pthread_attr_t* attr, void* (*function)(void*),
                 void* argument, uptr pc) {
  if (!CSAN_LISTENING()) return real_pthread_create()(thread, attr, function, argument);
  MakeFinishKey();
  StartWatchdog();
  if (flags().foreign_order) WatchForeignCalls();
  int detached = PTHREAD_CREATE_JOINABLE;
  if (attr != nullptr) pthread_attr_getdetachstate(attr, &detached);
  Start* const start = starts.Take("thread starts");
  Actor* const child = OnThreadCreate(pc);
  *start = {function, argument, child, 0, nullptr};
  int result;
  {
    RuntimeScope scope;
    result = real_pthread_create()(thread, attr, Run, start);
  }
  if (result != 0) {
    starts.Give(start);
    OnThreadCreateFailed(child);
    return result;
  }
  if (detached == PTHREAD_CREATE_DETACHED) {
    OnThreadDetach(child);
  } else {
    Enter(*thread, child);
  }
  __atomic_store_n(&start->ready, 1u, __ATOMIC_RELEASE);
  // The child says when it has read it.
  while (__atomic_load_n(&start->ready, __ATOMIC_ACQUIRE) != 2) Yield();
  starts.Give(start);
  return 0;
}

// A wait that is cancelled is over before the program's cleanup handlers run.
void StopWaiting(void* waiter) {
  WaitForEnd(static_cast<Actor*>(waiter), nullptr);
  EndWait();
}

int Join(pthread_t thread, void** value, uptr pc) {
  Actor* const a = CSAN_LISTENING() ? Self() : nullptr;
  if (a == nullptr) return real_pthread_join()(thread, value);
  Actor* const joined = Find(thread, false);
  const Waiting waiting(Wait::For::kJoin, thread, pc,
                        joined != nullptr ? joined->id : Wait::kNobody);
  WaitForEnd(a, joined);
  _pthread_cleanup_buffer buffer;
  real__pthread_cleanup_push()(&buffer, StopWaiting, a);
  const int result = real_pthread_join()(thread, value);
  real__pthread_cleanup_pop()(&buffer, 1);
  return result;
}

void Joined(pthread_t thread, uptr pc) {
  if (Actor* actor = Find(thread, true)) OnThreadJoin(actor, pc);
}

}  // namespace

void TellMainThreadLocals() {
  const Ranges tls = OwnTls();
  SetThreadLocals(Self(), tls.lo, tls.hi);
}

Actor* ActorOfThread(pthread_t thread) { return Find(thread, false); }

void AdoptCallingThread(u32 parent, StackId created) {
  MakeFinishKey();
  Actor* actor = AllocateActor(parent, created);
  actor->info->detached = true;
  Begin(actor);
}

// In a forked child: its C library will use the handles again.
void ForgetThreads() {
  for (Entry*& bucket : buckets) bucket = nullptr;
  ForgetInitialisations();
  ForgetWatchdog();
}

}  // namespace csan

using namespace csan;

extern "C" {

CSAN_INTERFACE int pthread_create(pthread_t* thread, const pthread_attr_t* attr,
                                  void* (*function)(void*), void* argument) {
  return CreateThread(thread, attr, function, argument, CSAN_CALLER_PC());
}

CSAN_INTERFACE int pthread_join(pthread_t thread, void** value) {
  const int result = Join(thread, value, CSAN_CALLER_PC());
  if (result == 0 && CSAN_LISTENING()) Joined(thread, CSAN_CALLER_PC());
  return result;
}

CSAN_INTERFACE int pthread_tryjoin_np(pthread_t thread, void** value) {
  const int result = real_pthread_tryjoin_np()(thread, value);
  if (result == 0 && CSAN_LISTENING()) Joined(thread, CSAN_CALLER_PC());
  return result;
}

CSAN_INTERFACE int pthread_timedjoin_np(pthread_t thread, void** value, const timespec* until) {
  BeforeWait();
  const int result = real_pthread_timedjoin_np()(thread, value, until);
  if (result == 0 && CSAN_LISTENING()) Joined(thread, CSAN_CALLER_PC());
  return result;
}

CSAN_INTERFACE int pthread_clockjoin_np(pthread_t thread, void** value, clockid_t clock,
                                        const timespec* until) {
  BeforeWait();
  const int result = real_pthread_clockjoin_np()(thread, value, clock, until);
  if (result == 0 && CSAN_LISTENING()) Joined(thread, CSAN_CALLER_PC());
  return result;
}

CSAN_INTERFACE int pthread_detach(pthread_t thread) {
  Actor* actor = CSAN_LISTENING() ? Find(thread, true) : nullptr;
  const int result = real_pthread_detach()(thread);
  if (result == 0 && actor != nullptr) OnThreadDetach(actor);
  return result;
}

CSAN_INTERFACE int pthread_setname_np(pthread_t thread, const char* name) {
  const int result = real_pthread_setname_np()(thread, name);
  if (result == 0 && CSAN_LISTENING()) {
    SetThreadName(pthread_equal(thread, pthread_self()) ? Self() : Find(thread, false), name);
  }
  return result;
}

// glibc's C11 threads call an inner pthread_create that our symbol does not see.
struct CsanThrdStart {
  thrd_start_t function;
  void* argument;
};

static void* CsanRunThrd(void* argument) {
  auto* start = static_cast<CsanThrdStart*>(argument);
  const CsanThrdStart copy = *start;
  UnmapMemory(start, sizeof(CsanThrdStart));
  return reinterpret_cast<void*>(static_cast<sptr>(copy.function(copy.argument)));
}

CSAN_INTERFACE int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  auto* start = static_cast<CsanThrdStart*>(MapMemory(sizeof(CsanThrdStart), "a thread"));
  *start = {function, argument};
  const int result = CreateThread(thread, nullptr, CsanRunThrd, start, CSAN_CALLER_PC());
  if (result == 0) return thrd_success;
  UnmapMemory(start, sizeof(CsanThrdStart));
  return result == ENOMEM || result == EAGAIN ? thrd_nomem : thrd_error;
}

CSAN_INTERFACE int thrd_join(thrd_t thread, int* value) {
  void* result = nullptr;
  const int error = Join(thread, &result, CSAN_CALLER_PC());
  if (error != 0) return thrd_error;
  if (CSAN_LISTENING()) Joined(thread, CSAN_CALLER_PC());
  if (value != nullptr) *value = static_cast<int>(reinterpret_cast<sptr>(result));
  return thrd_success;
}

CSAN_INTERFACE int thrd_detach(thrd_t thread) {
  return pthread_detach(thread) == 0 ? thrd_success : thrd_error;
}

CSAN_INTERFACE void thrd_exit(int value) {
  pthread_exit(reinterpret_cast<void*>(static_cast<sptr>(value)));
}
}
