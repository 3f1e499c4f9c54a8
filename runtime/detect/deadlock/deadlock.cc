// Deadlocks by wait-for graph, and by quiescence.
//
// State: each actor tells what it is about to wait for (actor/waiting.h), and which locks it holds. Twenty
// times a second the watchdog looks, and does nothing unless someone has waited since the last look.
//   Cycle: A waits for a lock that B holds, or for B to end, and so on back to A. Others may go on.
//   Quiescence: every thread of the process stands in a wait without a time limit, at a futex or at a lock
// of a file (file_wait.h), and none has run for three looks. Nobody is left who could wake one. Goroutines
// that wait are told of instead of the threads that would run them.
//
// Why it cannot accuse a correct program. A lock's holder is taken from the list of the actor that waits
// itself: it has not run since it took the lock. All members of a cycle had their waits at the last look
// already, the kernel says that each stands in a futex wait without a limit (a signal handler that has
// interrupted a wait does not), a mutex's own owner field names the holder, and afterwards the counts of all
// waits are still the same: so for a moment all these waits held at once, and none of them can end but by
// another member. Timed waits and try-locks are never told. Quiescence counts context switches, so no
// sample of a busy process looks like it; not when a thread unknown to us exists, a handler of a signal that
// some thread lets through is installed, or a waited word lies in shared memory: then others may wake one.
// A stopped process (SIGSTOP, a debugger) stops the watchdog too.
//
// A fiber that runs waits as the thread does that it is on. One that is suspended waits for nobody, whatever
// the one does that runs in its place: any thread may go on with it. So what suspended fibers hold closes
// no cycle, but counts once everything stands still. Unless a model says that it waits for a lock that fibers
// hold, or joins one: then it was left within that call, no thread has gone on with it since, and none can
// get it out of the call before the holder or the joined one, another member, gives the lock back or ends.
//
// What it can miss: hangs at semaphores, conditions and barriers while other threads run; waits in functions
// that are not intercepted while other threads run; everything where /proc is not mounted. A process that is
// meant to sleep for ever in a futex until a signal kills it is taken for a deadlock (exit_on_deadlock=0
// lets it).
//
// A quiescent process in which somebody waits at a condition whose notifications all came while nobody
// waited is named lost-wakeup instead: what hangs is the same, and the report has the notification too.
//
// Cost: telling a wait, about 20 ns where a call is about to block. A look, nothing if nobody waits; a hash
// of the held locks of those who wait; two files of /proc for each member of a cycle, and for each thread
// once nobody has been seen to run.
#include "detect/deadlock/deadlock.h"

#include "actor/actor.h"
#include "actor/waiting.h"
#include "base/format.h"
#include "detect/blocked.h"
#include "detect/deadlock/file_wait.h"
#include "detect/evidence.h"
#include "platform/platform.h"
#include "report/finding.h"
#include "sync/notified.h"

namespace csan::deadlock {
namespace {

constexpr u32 kNone = ~0u;
constexpr u32 kWaitersMax = 1 << 16;  // looked at in one look
constexpr u32 kHoldsMax = 1 << 18;    // locks held by them
constexpr u32 kBuckets = 1 << 14;

struct Hold {
  uptr addr;
  u32 waiter;
  u32 held;  // index in the actor's list
  u32 next;  // in the bucket
};

// The watchdog's own memory.
struct Graph {
  u32 waiters;
  Actor* actor[kWaitersMax];
  u32 count[kWaitersMax];  // of its wait
  // What is to be followed next: a hold of what it waits for, then another waiter.
  u32 next_hold[kWaitersMax];
  u32 next_waiter[kWaitersMax];
  u8 color[kWaitersMax];  // 0 unseen, 1 on the path, 2 done
  u32 path[kWaitersMax];
  u32 path_size;
  u32 holds;
  Hold hold[kHoldsMax];
  u32 bucket[kBuckets];
};
constinit Graph* graph = nullptr;

u32 BucketOf(uptr addr) {
  return static_cast<u32>(addr * 0x9E3779B97F4A7C15ull >> 50) & (kBuckets - 1);
}

bool IsLockWait(Wait::For what) {
  return what == Wait::For::kMutex || what == Wait::For::kRead || what == Wait::For::kWrite ||
         what == Wait::For::kSpin;
}

// The next hold, from `from` on, that keeps the waiter waiting.
u32 NextHold(u32 waiter, u32 from) {
  const Graph& g = *graph;
  const Wait& wait = g.actor[waiter]->wait;
  for (u32 h = from; h != kNone; h = g.hold[h].next) {
    if (g.hold[h].addr != wait.object) continue;
    const HeldLock& held = g.actor[g.hold[h].waiter]->held[g.hold[h].held];
    if (wait.what == Wait::For::kRead && held.mode == LockMode::kRead) continue;
    return h;
  }
  return kNone;
}

// Those who have waited since the last look, and what they hold. With the list of actors locked. False if
// there is nothing to find.
bool Collect() {
  Graph& g = *graph;
  g.waiters = g.holds = 0;
  bool candidates = false;
  for (Actor* a = FirstActor(); a != nullptr; a = a->next) {
    const u32 count = __atomic_load_n(&a->wait.count, __ATOMIC_ACQUIRE);
    const bool stays = (count & 1) != 0 && count == a->wait_seen;
    if (a->wait_seen != count) a->wait_seen = count;
    if (!stays || g.waiters == kWaitersMax) continue;
    g.actor[g.waiters] = a;
    g.count[g.waiters] = count;
    g.next_hold[g.waiters] = kNone;
    g.next_waiter[g.waiters] = 0;
    g.color[g.waiters] = 0;
    g.waiters++;
    candidates = candidates ||
                 (count != a->wait_judged && (IsLockWait(a->wait.what) || NamesWhoActs(a->wait)));
  }
  if (!candidates) return false;
  for (u32& head : g.bucket) head = kNone;
  for (u32 i = 0; i < g.waiters; i++) {
    const Actor* a = g.actor[i];
    for (u32 k = 0; k < a->held_count && g.holds < kHoldsMax; k++) {
      u32& head = g.bucket[BucketOf(a->held[k].addr)];
      g.hold[g.holds] = {a->held[k].addr, i, k, head};
      head = g.holds++;
    }
  }
  for (u32 i = 0; i < g.waiters; i++) {
    const Wait& wait = g.actor[i]->wait;
    if (IsLockWait(wait.what)) g.next_hold[i] = NextHold(i, g.bucket[BucketOf(wait.object)]);
  }
  return true;
}

// Whether a wait that no hold explains ends only after what the other waits for: a join and an
// initialisation name who must get on first, and a reader that stands still though no writer holds the lock
// lets a writer go first that waits.
bool Awaits(const Wait& wait, const Actor* other) {
  if (wait.what != Wait::For::kRead) return MustActFirst(wait, other);
  return other->wait.what == Wait::For::kWrite && other->wait.object == wait.object;
}

// Steps to the next waiter that this one waits for; kNone at the end.
u32 Successor(u32 waiter) {
  Graph& g = *graph;
  const Wait& wait = g.actor[waiter]->wait;
  if (const u32 hold = g.next_hold[waiter]; hold != kNone) {
    g.next_hold[waiter] = NextHold(waiter, g.hold[hold].next);
    return g.hold[hold].waiter;
  }
  if (!NamesWhoActs(wait) && wait.what != Wait::For::kRead) return kNone;
  while (g.next_waiter[waiter] < g.waiters) {
    const u32 other = g.next_waiter[waiter]++;
    if (Awaits(wait, g.actor[other])) return other;
  }
  return kNone;
}

void Push(u32 waiter) {
  graph->color[waiter] = 1;
  graph->path[graph->path_size++] = waiter;
}

// Leaves of the path the cycle that begins at `first`; false if a finding has told of one of its waits.
bool CutToCycle(u32 first) {
  Graph& g = *graph;
  u32 begin = 0;
  while (g.path[begin] != first) begin++;
  for (u32 i = begin; i < g.path_size; i++) {
    if (g.actor[g.path[i]]->wait_judged == g.count[g.path[i]]) return false;
  }
  g.path_size -= begin;
  for (u32 i = 0; i < g.path_size; i++) g.path[i] = g.path[begin + i];
  return true;
}

// Leaves a cycle that no finding has told of in path[0, path_size). Depth first.
bool FindCycle() {
  Graph& g = *graph;
  for (u32 start = 0; start < g.waiters; start++) {
    if (g.color[start] != 0) continue;
    g.path_size = 0;
    Push(start);
    while (g.path_size > 0) {
      const u32 at = g.path[g.path_size - 1];
      const u32 to = Successor(at);
      if (to == kNone) {
        g.color[at] = 2;
        g.path_size--;
      } else if (g.color[to] == 0) {
        Push(to);
      } else if (g.color[to] == 1 && CutToCycle(to)) {
        return true;
      }
    }
  }
  return false;
}

bool StillWaits(u32 waiter) {
  return __atomic_load_n(&graph->actor[waiter]->wait.count, __ATOMIC_ACQUIRE) ==
         graph->count[waiter];
}

// The thread id in glibc's mutex: locked word, count, owner.
u32 MutexOwner(uptr mutex) {
  return __atomic_load_n(reinterpret_cast<u32*>(mutex) + 2, __ATOMIC_RELAXED);
}

// Whether other fibers run in its place. Only who is left waits for a lock of fibers.
bool IsLeft(const Actor* a) { return __atomic_load_n(&a->desk, __ATOMIC_ACQUIRE) == nullptr; }

// What the kernel and the locks themselves say.
bool Confirm() {
  const Graph& g = *graph;
  for (u32 i = 0; i < g.path_size; i++) {
    const Actor* a = g.actor[g.path[i]];
    // Who spins runs; but it does not get on before the holder does, who waits too.
    if (a->wait.what == Wait::For::kSpin) continue;
    // A goroutine has no thread to ask the kernel about; its library says when it may go on.
    if (a->wait.told) continue;
    if (a->wait.modelled != 0 && a->wait.of_fiber) {
      if (!IsLeft(a)) return false;
      continue;
    }
    Task task;
    if (!ReadTask(a->info->os_id, &task) || !task.stuck || task.futex == 0) return false;
    if (a->wait.what != Wait::For::kMutex || a->wait.modelled != 0) continue;
    const Actor* holder = g.actor[g.path[(i + 1) % g.path_size]];
    if (MutexOwner(a->wait.object) != holder->info->os_id) return false;
  }
  for (u32 i = 0; i < g.path_size; i++) {
    if (!StillWaits(g.path[i])) return false;
  }
  return true;
}

void PutId(Text* text, u32 id) {
  if (id == 0) {
    text->Str("the main thread");
  } else if (InfoOf(id)->kind == ActorKind::kThread) {
    text->Str("thread T").Dec(id);
  } else {
    text->Str(KindOf(id)).Put(' ').Dec(id);
  }
}

// With the list of actors locked.
u32 Joined(const Wait& wait) {
  if (wait.what != Wait::For::kJoin) return Wait::kNobody;
  if (wait.target != Wait::kNobody) return wait.target;
  const Actor* a = FirstActor();
  while (a != nullptr && !MustActFirst(wait, a)) a = a->next;
  return a != nullptr ? a->id : Wait::kNobody;
}

void TellWait(Finding* f, Actor* a) {
  const Wait& wait = a->wait;
  Line<96> what;
  uptr object = wait.object;
  if (const u32 joined = Joined(wait); joined != Wait::kNobody) {
    what.Str("waits for the end of ");
    PutId(&what, joined);
    object = 0;
  } else {
    what.Str(WaitsFor(wait));
    if (wait.what == Wait::For::kFileLock) {
      what.Dec(wait.object);
      object = 0;
    }
  }
  AddStep(f, a->id, what.data(), object, wait.site);
  a->wait_judged = wait.count;
}

void TellHeld(Finding* f, const Actor* a, const HeldLock& held) {
  const bool reads = held.mode == LockMode::kRead;
  AddStep(f, a->id, reads ? "holds for reading" : "holds", held.addr, held.taken);
}

bool Submit(Finding* f) {
  const u32 before = FindingCount();
  SubmitFinding(f);
  return FindingCount() != before;
}

bool AreOfOneKind() {
  const Graph& g = *graph;
  const ActorKind kind = g.actor[g.path[0]]->info->kind;
  for (u32 i = 1; i < g.path_size; i++) {
    if (g.actor[g.path[i]]->info->kind != kind) return false;
  }
  return true;
}

bool ReportCycle() {
  const Graph& g = *graph;
  Finding* f = BeginFinding();
  f->kind = FindingKind::kDeadlock;
  LockActors();
  for (u32 i = 0; i < g.path_size; i++) {
    const u32 waiter = g.path[i];
    if (!StillWaits(waiter)) {  // someone broke the rules: a mutex unlocked by another thread
      UnlockActors();
      DropFinding(f);
      return false;
    }
    const Wait& wait = g.actor[waiter]->wait;
    TellWait(f, g.actor[waiter]);
    if (!IsLockWait(wait.what)) continue;
    const Actor* next = g.actor[g.path[(i + 1) % g.path_size]];
    if (const HeldLock* held = FindHeld(next, wait.object)) TellHeld(f, next, *held);
  }
  Text why(f->why, sizeof(f->why));
  if (g.path_size == 1) {
    why.Str("the ").Str(KindOf(g.actor[g.path[0]]->id)).Str(" waits for what only it can give.");
  } else {
    why.Str("each of these ").Dec(g.path_size);
    if (AreOfOneKind()) why.Put(' ').Str(KindOf(g.actor[g.path[0]]->id)).Put('s');
    why.Str(" waits for what the next one has, and the last for the first.");
  }
  UnlockActors();
  return Submit(f);
}

bool LookForCycle() {
  LockActors();
  const bool found = Collect() && FindCycle() && Confirm();
  UnlockActors();
  return found && ReportCycle();
}

// ---- Quiescence

struct Stillness {
  u64 self;
  u64 hash;
  u32 threads;
  bool still;
  u64 let_through;  // signals that some thread does not block
  u64 caught;
};

// Faults and abort are the thread's own doing; 32 and 33 are the C library's.
constexpr u64 SignalBit(u32 n) { return 1ull << (n - 1); }
constexpr u64 kOwnSignals = SignalBit(4) | SignalBit(5) | SignalBit(6) | SignalBit(7) |
                            SignalBit(8) | SignalBit(11) | SignalBit(31) | SignalBit(32) |
                            SignalBit(33);

constinit u64 last_runner = 0;  // asked first: mostly the same thread runs as at the last look

bool LookAtTask(u64 tid, void* context) {
  auto* s = static_cast<Stillness*>(context);
  if (tid == s->self) return true;
  Task task;
  const bool known = ReadTask(tid, &task);
  if (known && task.ended) return true;
  s->still = known && task.stuck;
  if (!s->still) last_runner = tid;
  s->threads++;
  s->hash = (s->hash ^ tid ^ task.switches << 20 ^ task.futex) * 0x9E3779B97F4A7C15ull;
  s->let_through |= ~task.blocked_signals;
  s->caught = task.caught_signals;
  return s->still;
}

// Whether another process could wake who waits.
bool OthersMayWake(const Task& task) {
  if (task.file.call != FileLockWait::Call::kNone) return !EndsHere(task.file);
  Mapping mapping;
  return !FindMapping(task.futex, &mapping) || mapping.shared;
}

constinit u64 still_hash = 0;
constinit u32 still_looks = 0;
constinit u64 told_hash = 0;

// Whether somebody waits at a condition that has been notified, but never while somebody waited. Tells of the
// notification then: that is what the waiters needed.
bool TellLostWakeup(Finding* f) {
  for (Actor* a = FirstActor(); a != nullptr; a = a->next) {
    ActorSite unseen;
    if (!a->wait.waits() || a->wait.what != Wait::For::kCondition ||
        !FindUnseen(a->wait.object, &unseen)) {
      continue;
    }
    f->kind = FindingKind::kLostWakeup;
    AddStep(f, unseen.actor, "notified the condition variable", a->wait.object, unseen.site);
    return true;
  }
  return false;
}

// A thread or a context of a scheduler's that waits for a goroutine or a fiber to run: nobody's mistake.
bool IsIdle(const Actor& a) {
  return a.info->daemon && (!a.wait.waits() || a.wait.what == Wait::For::kFutex ||
                            (a.on_context && a.wait.what == Wait::For::kCondition));
}

struct Unthreaded {
  u32 count;
  const char* kind;  // "goroutine", if there is one
};

// Those that wait and are on no thread of their own. Their scheduler's threads stand still for want of one
// that could run.
Unthreaded TellUnthreaded(Finding* f) {
  Unthreaded told = {0, "fiber"};
  for (Actor* a = FirstActor(); a != nullptr; a = a->next) {
    if (a->control_block != 0 || !a->wait.waits() || IsIdle(*a)) continue;
    told.count++;
    if (a->info->kind == ActorKind::kGoroutine) told.kind = "goroutine";
    TellWait(f, a);
    for (u32 i = a->held_count; i-- > 0;) TellHeld(f, a, a->held[i]);
  }
  return told;
}

// A thread of which no wait is known.
void TellPlace(Finding* f, const Actor* thread) {
  const Actor* runs = RunsOn(thread);
  if (runs != thread && runs->wait.waits()) return;
  if (Step* step = AddStep(f, runs->id, "waits, called from here", 0)) {
    FillStackOf(thread, &step->stack);
  }
}

bool ReportQuiescence(u32 threads) {
  Finding* f = BeginFinding();
  f->kind = FindingKind::kDeadlock;
  LockActors();
  u32 known = 0;
  bool shared = false;
  for (Actor* a = FirstActor(); a != nullptr; a = a->next) {
    Task task;
    if (a->control_block == 0 || !ReadTask(a->info->os_id, &task) || task.ended) continue;
    known++;
    shared = shared || OthersMayWake(task);
  }
  if (known != threads || shared) {
    UnlockActors();
    DropFinding(f);
    return false;
  }
  const bool lost = TellLostWakeup(f);
  const Unthreaded others = TellUnthreaded(f);
  // Who joins is least to blame: last.
  for (u32 joins = 0; joins < 2; joins++) {
    for (Actor* a = FirstActor(); a != nullptr; a = a->next) {
      if (a->control_block == 0) continue;
      const bool waits = a->wait.waits();
      if ((waits && a->wait.what == Wait::For::kJoin) != (joins != 0)) continue;
      if (others.count != 0 && IsIdle(*a)) continue;
      if (waits) {
        TellWait(f, a);
        if (Task task; a->wait.what == Wait::For::kFileLock && ReadTask(a->info->os_id, &task)) {
          TellFileLocks(f, task.file);
        }
      } else if (others.count != 0) {
        continue;  // has none to run
      } else {
        TellPlace(f, a);
      }
      for (u32 i = a->held_count; i-- > 0;) TellHeld(f, a, a->held[i]);
    }
  }
  Text why(f->why, sizeof(f->why));
  if (lost) {
    why.Str(
        "nobody waited when the condition was notified, and nobody is left to notify it again.");
  } else if (others.count != 0) {
    if (others.count == 1) {
      why.Str("the ").Str(others.kind);
    } else {
      why.Str("all ").Dec(others.count).Put(' ').Str(others.kind).Put('s');
    }
    why.Str(" and all threads wait, none with a time limit, and nobody is left to let one go on.");
  } else if (threads == 1) {
    why.Str("it is the only thread, and nobody is left to wake it.");
  } else {
    why.Str("all ").Dec(threads).Str(
        " threads wait, none with a time limit, and nobody is left to wake one.");
  }
  UnlockActors();
  return Submit(f);
}

bool LookForQuiescence() {
  Task runner;
  if (last_runner != 0 && ReadTask(last_runner, &runner) && !runner.stuck && !runner.ended) {
    still_looks = 0;
    return false;
  }
  Stillness now = {GetTid(), 1, 0, true, 0, 0};
  if (!ForEachTask(LookAtTask, &now) || !now.still || now.threads == 0 ||
      (now.caught & now.let_through & ~kOwnSignals) != 0) {
    still_looks = 0;
    return false;
  }
  if (now.hash != still_hash) {
    still_hash = now.hash;
    still_looks = 0;
    return false;
  }
  constexpr u32 kLooks = 3;
  if (++still_looks < kLooks || told_hash == now.hash) return false;
  told_hash = now.hash;
  return ReportQuiescence(now.threads);
}

}  // namespace

bool Look() {
  if (graph == nullptr) {
    graph = static_cast<Graph*>(TryMap(sizeof(Graph)));
    if (graph == nullptr) return false;
  }
  return LookForCycle() || LookForQuiescence();
}

void Forget() { still_looks = 0; }

}  // namespace csan::deadlock
