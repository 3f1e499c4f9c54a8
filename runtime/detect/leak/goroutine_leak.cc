// goroutine-leak: an actor waits for something that nobody who can still run could ever do.
//
// The rule of GOLF (ASPLOS'25). Who does not wait, or waits for something else than another actor (time,
// input, a lock of the C library's), can run. What such actors can reach from their stacks and registers,
// and from everything that the process may write to, could be used by them; so whoever waits for that can
// run again, and what it reaches is reached too; until nothing changes. At exit, who ends the program
// goes back to none of its callers: its stack is of use only to those who can run and have pointers to
// it. For locks, joins and once, where the program says who must act, the wait ends if those who hold it
// can run. Who is left over has leaked; if it waits for one who has, by a lock or a join, that is a
// deadlock.
//
// A fiber of Boost.Fiber waits for the queue that it has been put into (frontend/fiber/boost_fiber.cc). Its
// scheduler's lists lead to every fiber's context, which is above its stack, and a queue to what is on its
// stack below the library's call: neither leads to what is on the stack. Who is not seen to wait so can run,
// and its stack stays memory as any other.
//
// Why it cannot accuse a correct program: all threads stand still while it looks (platform's
// WithThreadsStopped), the search for pointers errs to the reachable (detect/leak/reach.h), and it
// includes shared memory and what epoll keeps. A library that waits on behalf of others tells CSAN_TIMED,
// and one that lets an actor go on tells that the wait is over: the actor may not have run since, and who
// let it go on may have forgotten the object. Where ptrace is denied, there is no verdict.
// What it can miss: whatever a stale or accidental pointer reaches, such as channels in global variables. Of
// fibers, what others' stacks still have from before, what their function was given as a bare pointer, which
// the library keeps, all that the thread has on its own stack, and who waits for the one that takes what it
// has sent to an unbuffered channel.
// Cost: nothing while nobody waits; else the time to read what the process has written to, a nanosecond
// for each word. Memory: a bit for each block of the heap, and 100 bytes for each actor, given back
// afterwards.
//
// goroutine-alive-at-end: a policy of the test's, an option; daemons are excepted, and what a suppression
// names.
#include "detect/leak/goroutine_leak.h"

#include "actor/actor.h"
#include "actor/fiber.h"
#include "actor/parked.h"
#include "actor/scope.h"
#include "actor/waiting.h"
#include "base/format.h"
#include "config/flags.h"
#include "detect/evidence.h"
#include "detect/leak/coroutine_leak.h"
#include "detect/leak/reach.h"
#include "detect/leak/settle.h"
#include "memory/heap.h"
#include "report/finding.h"

namespace csan {
namespace {

using leak::Reach;

// Below where a stack was left: what the switch itself saved, and the red zone.
constexpr uptr kBelow = 1024;
constexpr uptr kRedZone = 128;
constexpr uptr kPage = 4096;

struct Candidate {
  Actor* actor;
  AddressRange stack;           // in use
  uptr sp;                      // 0 if it is not known
  bool waits;                   // for another actor, as far as it says
  bool runs;                    // can, or will be able to
  bool exits;                   // runs, but has no use for what is on its stack any more
  const StoppedThread* thread;  // that it is on; null if it is suspended
};

// As far as it says; a thread's own stack has more on it than what waits.
bool WaitsForOthers(const Actor* a) {
  return a->wait.waits_told() || (a->on_context && IsParked(a));
}

struct HoldOf {
  uptr lock;
  u32 candidate;
  u32 next;  // of the same lock; kNone at the end
};
constexpr u32 kNone = ~0u;

struct Search {
  Reach reach;
  Candidate* actors;
  u32 count, actor_room;
  HoldOf* holds;
  u32 hold_count, hold_room;
  u32* buckets;  // of holds, by lock
  u32 bucket_count;
  leak::LostFrames* frames;  // null if nobody asks for them
  u64 process;
  bool at_exit, open, done;
};

bool WaitsForLock(const Wait& w) {
  return w.what == Wait::For::kMutex || w.what == Wait::For::kRead || w.what == Wait::For::kWrite;
}

// Waits for ever on purpose, or has been told of as a mistake already.
bool WaitsForNothing(const Wait& w) {
  if (w.case_count == 0) return true;
  for (u32 i = 0; i < w.case_count; i++) {
    if (w.cases[i].object != 0) return false;
  }
  return true;
}

u32 BucketOf(const Search& s, uptr lock) {
  return static_cast<u32>(lock * 0x9E3779B97F4A7C15ull >> 32) & (s.bucket_count - 1);
}

void CollectHolds(Search* s) {
  for (u32 i = 0; i < s->bucket_count; i++) s->buckets[i] = kNone;
  for (u32 i = 0; i < s->count; i++) {
    const Actor* a = s->actors[i].actor;
    for (u32 k = 0; k < a->held_count && s->hold_count < s->hold_room; k++) {
      u32& head = s->buckets[BucketOf(*s, a->held[k].addr)];
      s->holds[s->hold_count] = {a->held[k].addr, i, head};
      head = s->hold_count++;
    }
  }
}

// ---- While the world stands still

const StoppedThread* ThreadOf(const Actor* a, const StoppedThread* threads, u32 n) {
  if (a->fiber) return nullptr;
  for (u32 i = 0; i < n; i++) {
    if (threads[i].tid == a->info->os_id) return &threads[i];
  }
  return nullptr;
}

bool Contains(AddressRange range, uptr addr) { return addr >= range.lo && addr < range.hi; }

void SetStack(Candidate* c, uptr sp, uptr below) {
  const ActorInfo* info = c->actor->info;
  c->stack = {info->stack_lo, info->stack_hi};
  c->sp = 0;
  if (c->actor->on_context) return;  // where it was left may have been seen by nobody
  if (sp <= info->stack_lo + below || sp >= info->stack_hi) return;
  c->stack.lo = sp - below;
  c->sp = sp;
}

// Which fiber a thread runs, and where the stacks in use end.
void PlaceStacks(Search* s, const StoppedThread* threads, u32 n) {
  for (u32 i = 0; i < s->count; i++) {
    SetStack(&s->actors[i], s->actors[i].actor->suspended_at, kBelow);
  }
  for (u32 i = 0; i < s->count; i++) {
    Candidate* c = &s->actors[i];
    const StoppedThread* thread = ThreadOf(c->actor, threads, n);
    if (thread == nullptr) continue;
    const auto* running =
        *reinterpret_cast<Actor* const*>(c->actor->control_block + abi::kTlsActor);
    // A thread in the midst of a switch may be on either stack.
    const AddressRange own = {c->actor->info->stack_lo, c->actor->info->stack_hi};
    // A context's stack may be an array on the thread's own, with live frames below it.
    const uptr left = running != c->actor ? c->actor->suspended_at : 0;
    if (Contains(own, thread->sp) && !(Contains(own, left) && left < thread->sp))
      SetStack(c, thread->sp, kRedZone);
    c->thread = thread;
    if (running == c->actor && Contains(own, thread->sp)) continue;
    for (u32 k = 0; k < s->count; k++) {
      Candidate* other = &s->actors[k];
      const ActorInfo* info = other->actor->info;
      if (other->actor != running && !Contains({info->stack_lo, info->stack_hi}, thread->sp))
        continue;
      if (other == c) continue;
      other->waits = false;
      other->thread = thread;
      SetStack(other, thread->sp, kRedZone);
    }
  }
}

bool AllRun(const Search& s, uptr lock, bool* held) {
  bool all = true;
  for (u32 h = s.buckets[BucketOf(s, lock)]; h != kNone; h = s.holds[h].next) {
    if (s.holds[h].lock != lock) continue;
    *held = true;
    all = all && s.actors[s.holds[h].candidate].runs;
  }
  return all;
}

bool WhoActsRuns(const Search& s, const Wait& wait) {
  for (u32 i = 0; i < s.count; i++) {
    if (MustActFirst(wait, s.actors[i].actor)) return s.actors[i].runs;
  }
  return true;  // has ended, or not begun
}

bool CanRunAgain(const Search& s, const Candidate& c) {
  const Wait& w = c.actor->wait;
  if (w.waits()) {  // what a parked one waits for may have been told nowhere
    if (NamesWhoActs(w)) return WhoActsRuns(s, w);
    bool held = false;
    if (WaitsForLock(w) && !AllRun(s, w.object, &held)) return false;
    if (held) return true;
  }
  for (u32 i = 0; i < w.case_count; i++) {
    if (w.cases[i].object != 0 && s.reach.Reached(w.cases[i].object)) return true;
  }
  return false;
}

void SearchRegisters(Search* s, const StoppedThread& thread) {
  for (const uptr word : thread.registers) s->reach.SearchWord(word);
  for (const uptr word : thread.vectors) s->reach.SearchWord(word);
}

// What is in use of it can be read. Of what is below, pages may be missing or be guards, so the kernel is
// asked; as it is for large stacks, of which frames may not have touched all.
void SearchStackOf(Search* s, const Candidate& c) {
  constexpr uptr kSmall = 4 * kPage;
  const uptr used = c.sp & ~(kPage - 1);
  if (c.sp == 0 || c.stack.hi - used > kSmall) {
    s->reach.SearchPages(c.stack);
    return;
  }
  s->reach.SearchPages({c.stack.lo, used});
  s->reach.SearchWords(used > c.stack.lo ? used : c.stack.lo, c.stack.hi);
}

void SearchMemoryOf(Search* s, const Candidate& c) {
  const AddressRange memory = c.actor->info->memory;
  const uptr page = (c.stack.hi - 1) & ~(kPage - 1);
  if (c.sp != 0 && memory.lo >= page && memory.hi <= page + kPage) {
    s->reach.SearchWords(memory.lo, memory.hi);
  } else {
    s->reach.SearchPages(memory);
  }
}

void LetRun(Search* s, Candidate* c) {
  c->runs = true;
  if (c->exits) return;
  if (c->thread != nullptr) SearchRegisters(s, *c->thread);
  const RareInfo* const info = RareOf(c->actor->id);
  if (Contains(c->stack, info->frames_hi) && Contains(c->stack, info->tls_lo)) {
    s->reach.SearchPages({c->stack.lo, info->frames_hi});
    s->reach.SearchPages({info->tls_lo, c->stack.hi});
  } else {
    SearchStackOf(s, *c);
  }
  SearchMemoryOf(s, *c);
  s->reach.Follow();
}

// The C library's own lists lead to the control block of every thread, above its thread-local variables.
// What the block leads to belongs to the thread alone.
constexpr uptr kControlBlock = 0x900;
AddressRange WithoutControlBlock(const Candidate& c) {
  const uptr end = RareOf(c.actor->id)->tls_hi;
  return {c.stack.lo, end > c.stack.lo && end < c.stack.hi ? end : c.stack.hi};
}

// Of who exits. The C library has the address of what it was started with, which is above all frames, and
// in the control block one of the frame that called main.
void AddExiting(Search* s, const Candidate& c) {
  const uptr block = RareOf(c.actor->id)->tls_hi;
  s->reach.Exclude({block, block + kControlBlock});
  AddressRange range = WithoutControlBlock(c);
  if (Contains(range, RareOf(c.actor->id)->frames_hi)) range.hi = RareOf(c.actor->id)->frames_hi;
  if (Contains(range, StartArguments())) range.hi = StartArguments() - sizeof(uptr);
  s->reach.AddStack(range, {});
}

// A fiber's on a context. Of who is not left to wait the stack stays what it is, memory of the program's,
// which is searched with the rest if it is not the heap's.
void AddContext(Search* s, Candidate* c) {
  const AddressRange record = {c->stack.lo, c->actor->wait.record.hi};
  c->waits = c->waits && !c->exits && Contains(c->stack, record.hi) &&
             s->reach.AddFiberStack(c->stack, record);
  if (c->waits) return;
  AddressRange block;
  const bool in_block = s->reach.HeapBlockAt(c->stack.lo, &block) && c->stack.hi <= block.hi;
  if (!in_block) c->stack = {};
}

void Look(const StoppedThread* threads, u32 n, void* context) {
  auto* s = static_cast<Search*>(context);
  for (u32 i = 0; i < s->count; i++) s->actors[i].waits = WaitsForOthers(s->actors[i].actor);
  PlaceStacks(s, threads, n);
  for (u32 i = 0; i < s->count; i++) {
    Candidate& c = s->actors[i];
    if (c.actor->on_context) {
      AddContext(s, &c);
      continue;
    }
    s->reach.Exclude({c.actor->info->stack_lo, c.actor->info->stack_hi});
    s->reach.Exclude(c.actor->info->memory);
    s->reach.LeaveOut(c.actor->info->memory.lo);
    if (c.exits) AddExiting(s, c);
    if (c.waits) s->reach.AddStack(WithoutControlBlock(c), c.actor->wait.record);
  }
  for (u32 i = 0; i < StackAreas(); i++) s->reach.Exclude(StackArea(i));
  s->reach.Settle();
  // Threads without an actor, but for our own.
  for (u32 r = 0; r < n; r++) {
    if (!s->reach.Excluded(threads[r].sp)) SearchRegisters(s, threads[r]);
  }
  s->reach.SearchMappings();
  ForEachKernelPointer(
      s->process, [](uptr word, void* reach) { static_cast<Reach*>(reach)->SearchWord(word); },
      &s->reach);
  for (u32 i = 0; i < s->count; i++) {
    if (!s->actors[i].waits) LetRun(s, &s->actors[i]);
  }
  s->reach.Follow();
  // Back and forth, so that a chain of actors takes one pass and not one for each link.
  for (bool changed = true, back = false; changed; back = !back) {
    changed = false;
    for (u32 k = 0; k < s->count; k++) {
      Candidate* c = &s->actors[back ? s->count - 1 - k : k];
      if (c->runs || !CanRunAgain(*s, *c)) continue;
      LetRun(s, c);
      changed = true;
    }
  }
  if (s->frames != nullptr) {
    // Whoever waits in vain is told of by itself, not by what only it leads to.
    s->reach.SearchHolders();
    for (u32 i = 0; i < s->count; i++) {
      const Candidate& c = s->actors[i];
      if (c.runs && c.actor->fiber && !c.exits) continue;  // seen
      s->reach.SearchPages(c.stack);
      s->reach.SearchPages(c.actor->info->memory);
      if (c.thread != nullptr) SearchRegisters(s, *c.thread);
    }
    s->reach.Follow();
    leak::FindLostFrames(s->frames, &s->reach);
  }
  s->done = true;
}

// ---- Before and after

// With the actors locked. False if there is nothing to look for.
bool Collect(Search* s, bool goroutines) {
  u32 count = 0;
  u32 holds = 0;
  bool somebody = false;
  for (const Actor* a = FirstActor(); a != nullptr; a = a->next) {
    count++;
    holds += a->held_count;
    somebody = somebody || (goroutines && WaitsForOthers(a));
  }
  s->open = (somebody || s->frames != nullptr) && s->reach.Open(count);
  if (!s->open) return false;
  s->process = static_cast<u64>(GetPid());
  s->actor_room = count + 1;
  s->hold_room = holds + 1;
  s->bucket_count = 64;
  while (s->bucket_count < holds) s->bucket_count *= 2;
  s->actors = static_cast<Candidate*>(TryMap(s->actor_room * sizeof(Candidate)));
  s->holds = static_cast<HoldOf*>(TryMap(s->hold_room * sizeof(HoldOf)));
  s->buckets = static_cast<u32*>(TryMap(s->bucket_count * sizeof(u32)));
  if (s->actors == nullptr || s->holds == nullptr || s->buckets == nullptr) return false;
  for (Actor* a = FirstActor(); a != nullptr; a = a->next) {
    s->actors[s->count].actor = a;
    s->actors[s->count++].exits = s->at_exit && a == Self();
  }
  return true;
}

struct Group {
  StackId created, site;
  Wait::For what;
  uptr object;
  u32 first, parent;
  u32 count;
  bool by_holder;  // what it waits for is held by another that has leaked
};

struct Groups {
  static constexpr u32 kMost = 64;  // of more nothing is told
  Group at[kMost];
  u32 n;
};

bool WaitsForLeaked(const Search& s, const Candidate& c) {
  const Wait& w = c.actor->wait;
  bool held = false;
  return NamesWhoActs(w) || (WaitsForLock(w) && !AllRun(s, w.object, &held));
}

void AddTo(Groups* groups, const Group& one) {
  for (u32 i = 0; i < groups->n; i++) {
    Group& g = groups->at[i];
    if (g.created != one.created || g.site != one.site || g.what != one.what) continue;
    g.count++;
    return;
  }
  if (groups->n < Groups::kMost) groups->at[groups->n++] = one;
}

void GroupLeaked(const Search& s, Groups* groups) {
  for (u32 i = 0; i < s.count; i++) {
    const Candidate& c = s.actors[i];
    const ActorInfo* info = c.actor->info;
    if (c.runs || info->daemon || !c.actor->wait.waits() || WaitsForNothing(c.actor->wait))
      continue;
    AddTo(groups, {info->created, c.actor->wait.site, c.actor->wait.what, c.actor->wait.object,
                   info->id, info->parent, 1, WaitsForLeaked(s, c)});
  }
}

const char* Waits(Wait::For what) {
  switch (what) {
    case Wait::For::kSend:
      return "blocked in a send to the channel";
    case Wait::For::kReceive:
      return "blocked in a receive from the channel";
    case Wait::For::kSelect:
      return "blocked in a select";
    case Wait::For::kWaitGroup:
      return "blocked in a wait for the wait group";
    case Wait::For::kMutex:
    case Wait::For::kRead:
    case Wait::For::kWrite:
      return "blocked in a wait for the lock";
    case Wait::For::kJoin:
      return "blocked in a join";
    default:
      return "blocked in a wait for";
  }
}

void PutCount(Text* text, const Group& g) {
  if (g.count != 1) text->Str("and ").Dec(g.count - 1).Str(" more like it: ");
}

void Report(const Group& g, FindingKind kind, const char* why_not) {
  Finding* f = BeginFinding();
  f->kind = kind;
  Line<96> what;
  PutCount(&what, g);
  what.Str(Waits(g.what));
  AddStep(f, g.first, what.data(), g.object, g.site);
  if (g.first != 0) {
    Line<96> created;
    created.Str("created ");
    if (g.count != 1)
      created.Str("each of these ").Dec(g.count).Put(' ').Str(KindOf(g.first)).Put('s');
    if (g.count == 1) created.Str("it");
    AddStep(f, g.parent, created.data(), 0, g.created);
  }
  Text(f->why, sizeof(f->why)).Str(why_not);
  SubmitFinding(f);
}

void ReportLeaks(const Groups& groups) {
  for (u32 i = 0; i < groups.n; i++) {
    const Group& g = groups.at[i];
    if (g.by_holder) {
      Report(g, FindingKind::kDeadlock,
             "whoever holds what it waits for waits too, and nobody who can still run could let it "
             "go on.");
    } else {
      Report(
          g, FindingKind::kGoroutineLeak,
          "nothing that can still run reaches what it waits for, so nobody can ever let it go on.");
    }
  }
}

template <typename T>
void Unmap(T* at, u32 count) {
  if (at != nullptr) UnmapMemory(at, count * sizeof(T));
}

}  // namespace

u32 CheckLeaks(bool goroutines, bool coroutines, bool at_exit) {
  RuntimeScope scope;
  // In memory of ours: what it has of addresses would be found on the stack.
  auto* search = static_cast<Search*>(TryMap(sizeof(Search)));
  if (search == nullptr) return 0;
  search->at_exit = at_exit;
  Groups groups = {};
  LockActors();
  HeapBeforeFork();
  if (coroutines && flags().report_coroutine_leaks) search->frames = leak::OpenLostFrames();
  bool looked = Collect(search, goroutines);
  if (looked) {
    CollectHolds(search);
    looked = WithThreadsStopped(Look, search) && search->done;
  }
  HeapAfterFork();
  if (looked && goroutines) GroupLeaked(*search, &groups);
  UnlockActors();
  Unmap(search->actors, search->actor_room);
  Unmap(search->holds, search->hold_room);
  Unmap(search->buckets, search->bucket_count);
  if (search->open) search->reach.Close();
  leak::LostFrames* const frames = search->frames;
  UnmapMemory(search, sizeof(Search));
  const u32 before = FindingCount();
  ReportLeaks(groups);
  if (looked) leak::ReportLostFrames(frames);
  leak::CloseLostFrames(frames);
  return FindingCount() - before;
}

void LetGoroutinesSettle() {
  if (!flags().report_goroutine_leaks && !flags().report_live_goroutines) return;
  RuntimeScope scope;
  leak::AwaitStillness();
}

void ReportGoroutinesAtExit() {
  LetGoroutinesSettle();
  if (flags().report_goroutine_leaks) CheckLeaks(true, false, true);
  if (!flags().report_live_goroutines) return;
  RuntimeScope scope;
  Groups groups = {};
  LockActors();
  for (const Actor* a = FirstActor(); a != nullptr; a = a->next) {
    if (!a->fiber || a->on_context || a->info->daemon) continue;
    const bool waits = a->wait.waits_told();
    AddTo(&groups, {a->info->created, waits ? a->wait.site : 0, a->wait.what,
                    waits ? a->wait.object : 0, a->id, a->info->parent, 1, false});
  }
  UnlockActors();
  for (u32 i = 0; i < groups.n; i++) {
    Report(groups.at[i], FindingKind::kGoroutineAlive,
           "it has not ended, and it is no daemon (__csan_actor_daemon).");
  }
}

}  // namespace csan
