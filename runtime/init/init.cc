// Start-up and exit.
//
// .preinit_array starts the runtime before any constructor of any module; the module constructors
// that the pass adds call EnsureInit again, for programs whose loader runs no .preinit_array. At
// exit the code of a program with findings becomes `exitcode`, from the last exit handler, after
// standard output has been flushed by the handlers before it. The shared runtime, for programs that are
// not instrumented themselves, starts in init/shared.cc.
#include "init/init.h"

#include "abi/hooks.h"
#include "actor/actor.h"
#include "actor/epoch.h"
#include "actor/thread.h"
#include "actor/waiting.h"
#include "base/format.h"
#include "base/string.h"
#include "clock/slots.h"
#include "clock/window.h"
#include "config/flags.h"
#include "config/suppressions.h"
#include "detect/contention/contention.h"
#include "detect/leak/coroutine_leak.h"
#include "detect/leak/goroutine_leak.h"
#include "detect/leak/thread_leak.h"
#include "detect/lock_order/candidate.h"
#include "detect/lock_order/lock_order.h"
#include "detect/lock_order/place.h"
#include "detect/misuse/lock_misuse.h"
#include "detect/race/conflict.h"
#include "detect/race/memory_events.h"
#include "detect/race/race.h"
#include "detect/race/window_sweep.h"
#include "frontend/libc/modules.h"
#include "frontend/pthread/watchdog.h"
#include "memory/heap.h"
#include "memory/quarantine.h"
#include "platform/linux/address_map.h"
#include "platform/platform.h"
#include "report/finding.h"
#include "shadow/cell.h"
#include "shadow/residency.h"
#include "shadow/stamp.h"
#include "shadow/word_set.h"
#include "sync/attempts.h"
#include "sync/contention.h"
#include "sync/section.h"
#include "sync/sync_var.h"
#include "trace/chunk_pool.h"
#include "trace/stack_table.h"

extern "C" {
extern unsigned char csan_cpu_has_avx;
extern char** environ;
// What programs may define, of <sanitizer/tsan_interface.h>.
void __tsan_on_initialize();
int __tsan_on_finalize(int failed);
const char* __tsan_default_options();
const char* __tsan_default_suppressions();
#pragma weak __tsan_on_initialize
#pragma weak __tsan_on_finalize
#pragma weak __tsan_default_options
#pragma weak __tsan_default_suppressions
}

namespace csan {

void CheckStandsInFront();
void InitInterceptors();
void ForgetThreads();
void TellMainThreadLocals();
void ForgetDeferred();
void FlushStreams();

constinit InitState init_state = InitState::kNotStarted;

namespace {

constinit u64 signals_before_fork = 0;
constinit int process_id = 0;
constinit bool end_told = false;
constinit bool failed = false;

// What the main thread's stack may grow to: its mapping is small yet. The kernel keeps 128 MB free
// below it in any case, and programs raise the limit for themselves.
uptr MainStackSize() {
  constexpr uptr kLeast = 128 << 20;
  constexpr uptr kMost = 1 << 30;
  const uptr limit = StackLimit();
  return limit < kLeast ? kLeast : limit > kMost ? kMost : limit;
}

void CheckControlBlock() {
  if (ReadTcb64<abi::kTlsEpoch>() != 0 || ReadTcb64<abi::kTlsActor>() != 0) {
    Die("this C library uses bytes 0x80..0xdf of the thread control block, where CSan keeps its "
        "state; glibc 2.23 to 2.42 do not.");
  }
}

bool CpuHasAvx() {
  u32 a = 1;
  u32 b;
  u32 c = 0;
  u32 d;
  __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  constexpr u32 kOsSavesYmm = 1u << 27;
  constexpr u32 kAvx = 1u << 28;
  return (c & kOsSavesYmm) != 0 && (c & kAvx) != 0;
}

void ReadOptions() {
  char error[600];
  if (__tsan_default_options != nullptr) ParseForeignFlags(__tsan_default_options());
  if (!ParseFlags(GetEnv("CSAN_OPTIONS"), error, sizeof(error))) Die(error);
  if (__tsan_default_suppressions != nullptr &&
      !ParseSuppressions(__tsan_default_suppressions(), "__tsan_default_suppressions", error,
                         sizeof(error))) {
    Die(error);
  }
  if (flags().help) PrintFlagHelp(Say);
  if (flags().suppressions.text[0] != 0 &&
      !ReadSuppressions(flags().suppressions.text, error, sizeof(error))) {
    Die(error);
  }
  OpenReports();
}

void BadFree(uptr addr, bool freed_before, uptr pc) {
  if (Actor* a = Self()) race::ReportBadFree(a, addr, freed_before, pc);
}

HeapCache* Cache() {
  Actor* a = Self();
  return a == nullptr || a->desk == nullptr ? nullptr : &a->desk->heap_cache;
}

void PrintStats() {
  const struct {
    const char* what;
    u64 value;
  } rows[] = {
      {"actors ever", ActorsEver()},
      {"races before folding", RaceCount()},
      {"cells in use", CellsInUse()},
      {"moves of windows", race::WindowMoves()},
      {"history KiB", HistoryBytes() >> 10},
      {"word sets", WordSetsInUse()},
      {"synchronisation objects", SyncVarsInUse()},
      {"KiB of the spare, no other memory being had", SpareBytesUsed() >> 10},
      {"lost: stacks not kept", StacksNotKept()},
      {"lost: accesses without a free slot", Refusals()},
      {"lost: of lock orders", LockOrdersLost()},
      {"lost: accesses of half a million epochs ago", race::WordsSwept()},
      {"lost: gaps of clocks filled", gaps_filled},
      {"left out: RTLD_DEEPBIND", DeepBindsLeftOut()},
  };
  for (const auto& row : rows) {
    Line<128> text;
    text.Str(row.what).Str(": ").Dec(row.value);
    Say(text.data());
  }
}

void Start() {
  init_state = InitState::kStarting;
  CheckControlBlock();
  CheckStandsInFront();
  UseOrphanStack();
  csan_cpu_has_avx = CpuHasAvx() ? 1 : 0;
  ReadOptions();
  // The heap must lie where the shadow reaches: first, so that the address map is chosen by it too.
  ReserveHeap();
  ReserveShadow();
  ReserveSpare(32ull << 30);
  InitStackTable();
  InitWordSets();
  InitResidency();
  InitStamps();
  InitCells();
  InitSyncVars();
  lock_orders_watched = flags().detect_lock_orders;
  contention_watched = flags().report_lock_contention;
  attempts_watched = flags().livelock_ms != 0;
  lock_order::has_checks = IsInstrumented;
  race::sweep_others = lock_order::ForgetOldPlaces;
  LimitActorInfos(static_cast<u32>(flags().actor_records));
  LimitWindows(static_cast<u32>(flags().first_epoch), static_cast<u32>(flags().half_window));
  LimitSlots(flags().slots < 0 ? 0 : static_cast<u32>(flags().slots));
  Actor* main = AllocateActor(0, 0);
  Mapping stack;
  FindMapping(reinterpret_cast<uptr>(__builtin_frame_address(0)), &stack);
  AdoptThread(main, stack.hi - MainStackSize(), stack.hi);
  SetQuarantine(
      {512 << 10, static_cast<uptr>(flags().quarantine_mb < 0 ? 0 : flags().quarantine_mb) << 20});
  SetHeapHooks({OnHeapAlloc, OnHeapFree, OnHeapLeaveQuarantine, OnGrowth, CurrentStack,
                CurrentActorId, Cache, BadFree});
  InitInterceptors();
  TellMainThreadLocals();
  on_first_wait = StartWatchdog;
  LookForLongHolds();
  process_id = GetPid();
  init_state = InitState::kRunning;
  if (__tsan_on_initialize != nullptr) __tsan_on_initialize();
}

void Preinit(int, char** argv, char** env) {
  SetStartEnvironment(argv, env);
  EnsureInit();
}

__attribute__((section(".preinit_array"), used)) void (*const preinit)(int, char**,
                                                                       char**) = Preinit;

}  // namespace

void EnsureInit() {
  if (init_state == InitState::kNotStarted) Start();
}

// A handler that ran meanwhile might need what is locked here.
void BeforeFork() {
  const u64 signals = BlockSignals();
  LockActors();
  HeapBeforeFork();
  signals_before_fork = signals;
}

void AfterForkParent() {
  const u64 signals = signals_before_fork;
  HeapAfterFork();
  UnlockActors();
  RestoreSignals(signals);
}

// The child has its own copy of all memory, so nothing that it does can race with what was done in
// the parent: the kernel gives it an empty shadow (see TryMapFixed), and with it go the clocks of
// synchronisation objects, which could only tell of the time before. So it also does not matter
// what the parent's other threads were doing. Missed: a use in the child of what the parent freed.
void AfterForkChild() {
  lock_generation++;
  HeapAfterFork();
  UnlockActors();
  Actor* self = Self();
  for (Actor* a = FirstActor(); a != nullptr;) {
    Actor* next = a->next;
    if (a != self) {
      if (a->slot != kNoSlot && a->own_epoch != nullptr) {
        if (self != nullptr) self->clock->Raise(a->slot, *a->own_epoch);
        DetachSlot(a->slot, *a->own_epoch);
      }
      a->slot = kNoSlot;
      // Fibers may be switched to; those of other threads never are, and hold memory only.
      if (a->fiber || a == OwnActor()) {
        a = next;
        continue;
      }
      ForgetControlBlock(a);
      a->info->running = false;
      // Never recycled: it may be half changed.
      a->info->detached = false;
      RetireActor(a);
    }
    a = next;
  }
  if (self != nullptr && sole_actor) StopRecording(self);
  ForgetOtherRequests();
  // Whoever leaks a thread of the parent, it is not this process.
  for (u32 id = 1; id < ActorsEver(); id++) InfoOf(id)->joined = true;
  if (self != nullptr) self->info->os_id = GetTid();
  process_id = GetPid();
  end_told = false;
  ForgetThreads();
  ForgetDeferred();
  ForgetCoroutines();
  ReportAfterFork();
  RestoreSignals(signals_before_fork);
}

bool IsThisProcess() { return GetPid() == process_id; }

int ExitCode(int code) {
  // A vfork child that cannot become another program is not this one.
  if (!InitDone() || !IsThisProcess()) return code;
  RuntimeScope scope;
  // An exit handler may call _exit.
  if (!__atomic_exchange_n(&end_told, true, __ATOMIC_RELAXED)) {
    PrintExitSummary();
    if (flags().print_stats) PrintStats();
    if (__tsan_on_finalize != nullptr) failed = __tsan_on_finalize(FindingCount() != 0) != 0;
  }
  if (__tsan_on_finalize == nullptr) failed = FindingCount() != 0;
  return !failed || flags().exitcode == 0 ? code : flags().exitcode;
}

void AtExit() {
  constexpr int kItsOwn = -1;
  if (InitDone() && IsThisProcess()) {
    ReportCoroutinesAtExit();
    ReportGoroutinesAtExit();
    ReportThreadLeaks();
    ReportRunningThreads();
    ReportLocksAtProgramExit();
    ReportContention();
    if (flags().report_possible_inversions) ReportPossibleInversions();
  }
  const int code = ExitCode(kItsOwn);
  if (code == kItsOwn) return;
  RuntimeScope scope;
  FlushStreams();
  ExitNow(code);
}

}  // namespace csan

extern "C" CSAN_INTERFACE void __csan_init() {
  csan::EnsureInit();
  csan::RegisterModule(CSAN_CALLER_PC(), true);
}
// Called by the constructors that TSan's pass adds, to our objects too (the driver turns its flag on for
// the attributes). Does not register the module: gcc's constructor ends in a jump to this.
extern "C" CSAN_INTERFACE void __tsan_init() { csan::EnsureInit(); }
