// An actor is whoever runs: an OS thread now, fibers and goroutines later.
//
// `Actor` is what a running actor needs at hand; it is recycled when the actor ends. `ActorInfo` is
// what reports may need for ever (name, creation stack, history) and is small.
#pragma once

#include "abi/layout.h"
#include "actor/desk.h"
#include "actor/fences.h"
#include "actor/firm.h"
#include "base/spin_lock.h"
#include "base/types.h"
#include "clock/clock.h"
#include "clock/dead.h"
#include "clock/slots.h"
#include "platform/platform.h"
#include "platform/x86_64/tcb.h"
#include "shadow/word.h"
#include "sync/events.h"
#include "trace/history.h"
#include "trace/stack_table.h"

namespace csan {

struct Aside;
struct HeldFew;
struct Sections;

struct StackEntry {
  u64 pc;        // return address of the function that pushed it
  StackId node;  // of the path up to here; 0: not computed yet
  StackId last;  // what the last function that was called at this depth had; a hint
};
static_assert(sizeof(StackEntry) == abi::kFrameSize);

enum class ActorKind : u8 { kThread, kFiber, kGoroutine };

// Of one that takes turns with others on threads, in an order that nobody tells: who called foreign modules
// while it was away (foreign.h).
struct Turns {
  const Desk* left;  // of the thread that it ran on; null while it runs
  u32 calls;         // made there until then
  Word last;         // its epoch then, as one of a call
  Word moved;        // the same, when it last went to another thread; 0: never
};

struct ActorInfo {
  u32 id;
  u32 parent;
  u32 thread;  // the actor of the thread that it is, or ran on last
  u64 os_id;
  StackId created;
  bool running;
  bool finished;
  bool joined;
  bool detached;
  bool daemon;       // meant to be there at the end
  bool over;         // its actor's memory is another's, or nobody's
  bool takes_turns;  // see Turns
  ActorKind kind;
  uptr stack_lo, stack_hi;
  AddressRange memory;  // beside its stack what only it keeps things in
  History history;
};
// Of as many as there may be goroutines.
static_assert(sizeof(ActorInfo) <= 144);

// More for reports, in memory of its own: nearly no goroutine touches its record, which then costs nothing.
struct RareInfo {
  static constexpr Word kForeignAnyTime = ~0u;
  char name[32];
  Word foreign
      [kForeignModules];  // the last calls into modules that are not instrumented (foreign.h)
  Turns turns;
  uptr tls_lo, tls_hi;  // of a thread: thread-local variables of what was loaded at start
  uptr frames_hi;       // above are frames of the C library's only; 0 if that is not known
  uptr known_as;        // of a fiber: what its library joins it by; 0 if that is not known
};

// As in <csan/annotate.h>: what one case of a select waits for.
struct WaitCase {
  uptr object;
  int operation;
  bool ForChannel() const { return operation == 1 || operation == 2; }
};

// What an actor waits for without a limit of time, told before the call that may block. After a wait that
// a cancellation ended it lies: who draws conclusions asks the kernel too.
struct Wait {
  enum class For : u8 {
    kMutex,
    kRead,
    kWrite,
    kSpin,
    kCondition,
    kSemaphore,
    kBarrier,
    kJoin,
    kOnce,
    kFutex,
    kSend,
    kReceive,
    kSelect,
    kWaitGroup,
    kFileLock,
    kEvent
  };
  static constexpr u32 kNobody = ~0u;
  u32 count;  // odd while it waits; never the same for two waits
  For what;
  bool of_fiber;  // modelled, and the thread does something else meanwhile
  bool told;      // a library describes it: the kernel knows nothing of it
  bool let_go;    // another has ended the told one; the actor may not have run since
  u32 target;  // the actor that must do something first: the one joined; kNobody if the object tells
  u32 modelled;  // depth of calls that a model describes; it tells of the outermost alone
  uptr object;   // of the lock of a file: its descriptor
  uptr with;     // of a condition: the mutex
  StackId site;
  StackId told_site;      // where the last told one began, one with a time limit too
  const WaitCase* cases;  // of a told one; the program's own memory while it waits
  AddressRange record;    // by which others know that it waits; of a told one told before it begins
  u32 case_count;
  bool parked;  // see parked.h; `cases` and `record` tell where, whatever else is told of it
  bool waits() const { return (__atomic_load_n(&count, __ATOMIC_ACQUIRE) & 1) != 0; }
  // A told one of which nobody has said yet that it is over.
  bool waits_told() const { return told && waits() && !__atomic_load_n(&let_go, __ATOMIC_ACQUIRE); }
};

// The function that is not async-signal-safe which an actor is in, and the frame that says so.
struct UnsafeNote {
  const char* name;
  uptr frame;
};

// The signal handler that an actor is in, by its frame (0: none), and the unsafe function that it interrupts.
struct HandlerNote {
  const char* interrupted;
  uptr frame;
};

struct HeldLock {
  uptr addr;
  StackId taken;
  LockMode mode;
  bool robust;    // who takes it next is told if its owner has died
  bool of_fiber;  // a fiber's own; others are the thread's, whichever fiber it runs
  u32 number;     // which acquisition of the lock it is
  u32 set;  // of it and those before in the list, as detect/lock_order names it; 0: not asked for yet
  u32 since_ms;  // by NowMs; 0 unless long holds are looked for
  u32 lock_id;   // as SyncVar's
};

struct alignas(64) Actor {
  SpinLock kept_lock;  // stays when the actor is recycled: others may just find out that it was
  u32 slot;            // kNoSlot while detached
  u32* own_epoch;      // the last epoch begun in it: in the clock or in `own_island`
  // What it knows; so is `firm`. Of a fiber that waits it may be put aside: then both are null, and `aside`
  // is not.
  Clock* clock;
  Aside* aside;
  Desk* desk;     // of the thread that it runs on; null while it does not run
  u32 epoch_end;  // of those that the slot has for now
  u32 id;
  Word known_write;   // a plain word with full mask that is ordered before us
  Word known_set;     // a read set all of whose members are ordered before us
  Word logged_epoch;  // of the log's open section, or kNotLogged
  u64* log_cursor;
  u64* log_limit;
  u64* log_section;  // marker of the open section
  u32 log_chunk;     // number of the chunk that it is in
  u32 list_events;   // words that became lists in this epoch
  u32 list_epoch;
  u32 slow_accesses;
  u32 attach;            // number, among all actors', of its attachment to the slot
  Word kept_epoch;       // has gone on after a release; see sync/atomic_access.h
  bool refused;          // no slot was free in this epoch
  bool learnt;           // an acquire has learnt something since the last release
  bool fiber;            // runs on whatever thread switches to it
  bool on_context;       // and nobody tells of it: it is what one stack does (frontend/fiber)
  bool call_told;        // the next call into a module of others is one that a model describes
  bool entry_told;       // so is the switch by which it first runs, while its own stack is empty
  bool kept;             // see kept.h
  bool suspended;        // see at_hand.h
  u32 ignored_accesses;  // begun and not ended regions that ask for it
  u32 ignored_sync;
  u32 own_doing;        // of those, within what describes itself
  u32 model_ignores;    // of ignored_accesses, within calls that a model describes
  Word suspended_word;  // see kept.h; so is the next
  u32 kept_place;
  u32 hand_place;  // see at_hand.h; so is the next
  u32 stack_place;
  StackId emptied;  // the path that its shadow stack was, which is empty; 0 if it is not
  u32 held_count;
  u32 held_capacity;
  HeldLock* held;
  HeldFew* held_few;  // the first list, if it is not too short any more; null before the first lock
  uptr own_pc;        // where the program called the library that describes itself
  ActorInfo* info;
  StackEntry* suspended_top;  // of the shadow stack, while another fiber runs
  uptr suspended_at;          // on its own stack; 0 if it never ran
  StackEntry* stack_base;     // of the shadow stack in use
  StackEntry* stack_limit;
  StackEntry* own_stack;  // the thread's own
  uptr stack_reserved;
  Actor* joins;  // the actor whose end this one waits for; null if it runs
  Actor* next;   // in the list of live actors, or the free list
  Actor* prev;
  FirmClock* firm;     // others look here all the time: in a line that is hardly ever written
  Sections* sections;  // of locks; null before the first
  Fences* fences;      // null before the first
  Island own_island;   // our epochs in a slot of which we do not know all before; from 0 if none
  u32 wait_seen;       // count of the wait at the last look for deadlocks
  u32 wait_judged;     // of the wait that a finding has told of
  Wait wait;
  u64 lock_wait_began_us;  // while contention is watched: of the last wait, if it was for a lock
  UnsafeNote unsafe;
  HandlerNote handler;
  uptr control_block;  // of the thread that it is on
  uptr entry;          // of a goroutine that has not run: what is called first; else 0
};
// Of as many as there may be goroutines.
static_assert(sizeof(Actor) <= 448);

constexpr u32 kNoSlot = ~0u;
constexpr Word kNotLogged = 0xFFFFFFFEu;  // is never current

CSAN_ALWAYS_INLINE Actor* Self() { return reinterpret_cast<Actor*>(ReadTcb64<abi::kTlsActor>()); }
// Whose accesses, synchronisation, and both at once count: Self(), or null while they are ignored.
CSAN_ALWAYS_INLINE Actor* Accessor() {
  return reinterpret_cast<Actor*>(ReadTcb64<abi::kTlsAccessor>());
}
CSAN_ALWAYS_INLINE Actor* Orderer() {
  return reinterpret_cast<Actor*>(ReadTcb64<abi::kTlsOrderer>());
}
CSAN_ALWAYS_INLINE Actor* AtomicActor() {
  return reinterpret_cast<Actor*>(ReadTcb64<abi::kTlsAtomicActor>());
}
// The thread's own actor, whatever fiber runs on it.
CSAN_ALWAYS_INLINE Actor* OwnActor() {
  return reinterpret_cast<Actor*>(ReadTcb64<abi::kTlsOwnActor>());
}
// Makes `a` the actor that runs on this thread, null for nobody, as far as it does not ignore things.
void SetSelf(Actor* a);
CSAN_ALWAYS_INLINE Word CurrentWord() { return static_cast<Word>(ReadTcb64<abi::kTlsEpoch>()); }

// Makes cur the epoch of the following accesses.
CSAN_ALWAYS_INLINE void SetCurrentWord(Word word) {
  WriteTcb64<abi::kTlsEpoch>(Doubled(word));
  WriteTcb64<abi::kTlsShared>(~0ull);
}

// True once a second actor has existed. Before, nothing is recorded: whatever the only actor does
// is ordered before all that follows.
extern bool multi_actor;

// Whether nobody but one actor is live now. Whoever comes later is made by it and knows what it did; only
// a thread that was made unseen and is met later may be told less of.
extern bool sole_actor;

Actor* AllocateActor(u32 parent, StackId created);
// The actor has ended: no longer live; its clock waits for a join, unless it was detached.
void RetireActor(Actor* actor);
// `waiter` does nothing until `joined` has ended; with null it goes on. Before `joined` may be freed.
void WaitForEnd(Actor* waiter, Actor* joined);
// Nobody will join the actor: freed now or when it ends.
void DetachActor(Actor* actor);
// Joined, or never ran.
void FreeActor(Actor* actor);
// Whether so many wait to be used again that another need not keep what is only expensive to get.
bool ManyActorsFree();
ActorInfo* InfoOf(u32 id);
extern RareInfo* rare_infos;
inline RareInfo* RareOf(u32 id) { return &rare_infos[id]; }
inline uptr KnownAs(const Actor* a) {
  return __atomic_load_n(&RareOf(a->id)->known_as, __ATOMIC_ACQUIRE);
}
inline void BecomeKnownAs(const Actor* a, uptr name) {
  __atomic_store_n(&RareOf(a->id)->known_as, name, __ATOMIC_RELEASE);
}
u32 ActorsEver();  // that can be told apart
// Before there are any: makes do with so many of them, for tests.
void LimitActorInfos(u32 count);

// Brings dead_clock up to date; costs a pass over the clocks of the live actors, so where there are n times
// 64 of them only each n-th call does it. An actor that waits for the end of another counts as knowing what
// that one knows: it will, before it goes on. What this can miss: races of a signal handler that runs
// during such a wait.
void RefreshDeadClock();

// Whether the access is ordered before what the actor does now. `clock.Knows` is the quick form, for
// where a wrong no costs only time.
bool KnowsIsland(const Actor* a, u32 slot, u32 epoch);
inline bool KnowsEpoch(const Actor* a, u32 slot, u32 epoch) {
  return epoch <= a->clock->at[slot] ||
         (CSAN_UNLIKELY(slots_scarce) && KnowsIsland(a, slot, epoch));
}
inline bool Knows(const Actor* a, Word plain) {
  return KnowsEpoch(a, SlotOf(plain), WholeEpoch(plain));
}

// The actor reads what was written in the epoch of `plain`.
CSAN_ALWAYS_INLINE void NoteReadFrom(Actor* a, Word plain) {
  if (!firm_order_counts) return;
  const u32 slot = SlotOf(plain);
  const u32 epoch = WholeEpoch(plain);
  if (CSAN_LIKELY(epoch <= a->firm->at[slot])) return;
  if (CSAN_LIKELY(slot == a->slot && epoch >= a->firm->own_from)) return;
  LearnFirmly(a, slot, epoch);
}

CSAN_ALWAYS_INLINE SiteLine& SiteLineFor(Actor* actor, StackId parent, u64 pc_note) {
  const u64 h = (pc_note ^ static_cast<u64>(parent) << 32) * 0x9E3779B97F4A7C15ull;
  return actor->desk->sites[h >> 56 & (Desk::kSiteLines - 1)];
}

// Interned stack of the running actor without the current function; integer-only code.
StackId StackTop(Actor* actor);
CSAN_ALWAYS_INLINE StackId CurrentPath(Actor* actor) {
  const StackEntry* top = reinterpret_cast<const StackEntry*>(ReadTcb64<abi::kTlsStackTop>()) - 1;
  return CSAN_LIKELY(top >= actor->stack_base && top->node != 0) ? top->node : StackTop(actor);
}
StackId SiteFor(Actor* actor, StackId parent, u64 pc_note);
// Where the running actor's call at `pc` is made.
inline StackId SiteAt(Actor* actor, uptr pc) {
  return SiteFor(actor, StackTop(actor), PackSite(pc, kNoteNone, 0));
}

// The lock among those that an actor holds which it took last of those at `addr`; null if there is none. Of
// another actor only while that one stands still.
inline const HeldLock* FindHeld(const Actor* actor, uptr addr) {
  for (u32 i = actor->held_count; i-- > 0;) {
    if (actor->held[i].addr == addr) return &actor->held[i];
  }
  return nullptr;
}

bool NobodyLeft();  // no actor is live
// The live actors, linked by `next`, while their list is locked.
void LockActors();
void UnlockActors();
Actor* FirstActor();

}  // namespace csan
