// Start-up and exit.
//
// .preinit_array starts the runtime before any constructor of any module; the module constructors
// that the pass adds call EnsureInit again, for programs whose loader runs no .preinit_array. At
// exit the code of a program with findings becomes `exitcode`, from the last exit handler, after
// standard output has been flushed by the handlers before it.
#include "init/init.h"

#include "abi/hooks.h"
#include "actor/actor.h"
#include "actor/thread.h"
#include "base/format.h"
#include "base/string.h"
#include "clock/slots.h"
#include "config/flags.h"
#include "config/suppressions.h"
#include "detect/race/conflict.h"
#include "detect/race/memory_events.h"
#include "detect/race/race.h"
#include "detect/race/residency.h"
#include "frontend/libc/modules.h"
#include "memory/heap.h"
#include "platform/linux/address_map.h"
#include "platform/platform.h"
#include "report/finding.h"
#include "shadow/cell.h"
#include "shadow/stamp.h"
#include "shadow/word_set.h"
#include "sync/sync_var.h"
#include "trace/history.h"
#include "trace/stack_table.h"

extern "C" {
extern unsigned char csan_cpu_has_avx;
extern char** environ;
}

namespace csan {

void InitInterceptors();
void FlushStreams();

namespace {

enum class State : u8 { kNotStarted, kStarting, kRunning };
constinit State state = State::kNotStarted;

struct StackSearch {
  uptr inside;
  uptr lo, hi;
};

bool FindStack(const Mapping& m, void* context) {
  auto* search = static_cast<StackSearch*>(context);
  if (search->inside < m.lo || search->inside >= m.hi) return true;
  search->lo = m.lo;
  search->hi = m.hi;
  return false;
}

void CheckControlBlock() {
  if (ReadTcb64<abi::kTlsEpoch>() != 0 || ReadTcb64<abi::kTlsActor>() != 0) {
    Die("this C library uses bytes 0x80..0xa7 of the thread control block, where CSan keeps its "
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
  if (!ParseFlags(GetEnv("CSAN_OPTIONS"), error, sizeof(error))) Die(error);
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
  return a == nullptr ? nullptr : &a->heap_cache;
}

void PrintStats() {
  const struct {
    const char* what;
    u64 value;
  } rows[] = {
      {"actors ever", ActorsEver()},
      {"races before folding", RaceCount()},
      {"cells in use", CellsInUse()},
      {"history KiB", HistoryBytes() >> 10},
      {"word sets", WordSetsInUse()},
      {"synchronisation objects", SyncVarsInUse()},
      {"lost: stacks not kept", StacksNotKept()},
      {"lost: accesses without a free slot", Refusals()},
      {"lost: gaps of clocks filled", gaps_filled},
  };
  for (const auto& row : rows) {
    Line<128> text;
    text.Str(row.what).Str(": ").Dec(row.value);
    Say(text.data());
  }
}

void Start() {
  state = State::kStarting;
  CheckControlBlock();
  UseOrphanStack();
  csan_cpu_has_avx = CpuHasAvx() ? 1 : 0;
  ReadOptions();
  // The heap must lie where the shadow reaches: first, so that the address map is chosen by it too.
  ReserveHeap();
  ReserveShadow();
  InitStackTable();
  InitWordSets();
  race::InitResidency();
  InitStamps();
  InitCells();
  InitSyncVars();
  LimitSlots(flags().slots < 0 ? 0 : static_cast<u32>(flags().slots));
  Actor* main = AllocateActor(0, 0);
  StackSearch search = {reinterpret_cast<uptr>(__builtin_frame_address(0)), 0, 0};
  ForEachMapping(FindStack, &search);
  AdoptThread(main, search.lo, search.hi);
  SetHeapHooks(
      {OnHeapAlloc, OnHeapFree, OnHeapLeaveQuarantine, OnGrowth, CurrentStack, CurrentActorId,
       Cache, BadFree},
      {512 << 10, static_cast<uptr>(flags().quarantine_mb < 0 ? 0 : flags().quarantine_mb) << 20});
  InitInterceptors();
  state = State::kRunning;
}

void Preinit(int, char** argv, char** env) {
  SetStartEnvironment(argv, env);
  EnsureInit();
}

__attribute__((section(".preinit_array"), used)) void (*const preinit)(int, char**,
                                                                       char**) = Preinit;

}  // namespace

void EnsureInit() {
  if (state == State::kNotStarted) Start();
}

bool InitDone() { return state == State::kRunning; }

void BeforeFork() {
  LockActors();
  HeapBeforeFork();
}

void AfterForkParent() {
  HeapAfterFork();
  UnlockActors();
}

void AfterForkChild() {
  HeapAfterFork();
  UnlockActors();
  // The other actors do not exist here; what they did is ordered before the fork only as far as the
  // parent knew, so their words stay and go on being checked.
  Actor* self = Self();
  for (Actor* a = FirstActor(); a != nullptr;) {
    Actor* next = a->next;
    if (a != self) {
      a->info->running = false;
      RetireActor(a);
    }
    a = next;
  }
  if (self != nullptr) self->info->os_id = GetTid();
  ReportAfterFork();
}

void AtExit() {
  if (!InitDone()) return;
  RuntimeScope scope;
  PrintExitSummary();
  if (flags().print_stats) PrintStats();
  if (FindingCount() == 0 || flags().exitcode == 0) return;
  FlushStreams();
  ExitNow(flags().exitcode);
}

}  // namespace csan

extern "C" CSAN_INTERFACE void __csan_init() {
  csan::EnsureInit();
  csan::RegisterModule(CSAN_CALLER_PC());
}
// Front ends that keep their calls to TSan's pass constructor (the driver turns its flag on for the
// attributes) are served too.
extern "C" CSAN_INTERFACE void __tsan_init() { csan::EnsureInit(); }
