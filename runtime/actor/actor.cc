#include "actor/actor.h"

#include "actor/at_hand.h"
#include "actor/held.h"
#include "base/spin_lock.h"
#include "memory/arena.h"
#include "platform/platform.h"
#include "sync/section.h"

namespace csan {
namespace {

constexpr u32 kInfosMax = 1u << 22;
constexpr u32 kFreeMany = 256;

constinit ActorInfo* infos = nullptr;
constinit u32 infos_allowed = kInfosMax;
constinit u32 actors_ever = 0;
constinit Actor* live = nullptr;
constinit u32 live_count = 0;
constinit Arena<sizeof(Actor) * 64> actors;
constinit Actor* free_list = nullptr;
constinit u32 free_count = 0;
constinit SpinLock actors_lock;
constinit SpinLock infos_lock;

// What was not touched stays untouched.
void Clear(void* at, uptr size) {
  auto* words = static_cast<volatile u64*>(at);
  for (u32 i = 0; i < size / sizeof(u64); i++) {
    if (words[i] != 0) words[i] = 0;
  }
}

// The record of an actor that is over, all but its log, which is empty: reports of what that one did name
// another from now on. The next after the one reused last, so they remember as long as can be.
ActorInfo* ReuseInfo() {
  static constinit u32 last = 0;
  for (u32 i = 0; i < infos_allowed; i++) {
    last = last + 1 < infos_allowed ? last + 1 : 1;
    ActorInfo* const info = &infos[last];
    if (!__atomic_load_n(&info->over, __ATOMIC_ACQUIRE)) continue;
    Clear(info, __builtin_offsetof(ActorInfo, history));
    Clear(RareOf(last), sizeof(RareInfo));
    info->id = last;
    return info;
  }
  Die("more actors at once than can be told apart");
}

ActorInfo* NewInfo(u32 parent, StackId created) {
  SpinGuard guard(infos_lock);
  if (infos == nullptr) {
    infos = static_cast<ActorInfo*>(MapMemory(sizeof(ActorInfo) * kInfosMax, "actor records"));
    rare_infos = static_cast<RareInfo*>(MapMemory(sizeof(RareInfo) * kInfosMax, "actor records"));
  }
  ActorInfo* info = nullptr;
  if (actors_ever < infos_allowed) {
    info = &infos[actors_ever];
    info->id = actors_ever++;
  } else {
    info = ReuseInfo();
  }
  info->parent = parent;
  info->created = created;
  return info;
}

// Whenever the list of live actors has changed.
void Recount(u32 change) {
  __atomic_store_n(&live_count, live_count + change, __ATOMIC_RELAXED);
  __atomic_store_n(&sole_actor, live != nullptr && live->next == nullptr, __ATOMIC_RELEASE);
}

void Unlink(Actor* actor) {
  (actor->prev != nullptr ? actor->prev->next : live) = actor->next;
  if (actor->next != nullptr) actor->next->prev = actor->prev;
  Recount(~0u);
}

void Recycle(Actor* actor) {
  EndKnowledge(actor);
  FreeFences(actor);
  __atomic_store_n(&actor->info->over, true, __ATOMIC_RELEASE);
  actor->next = free_list;
  free_list = actor;
  __atomic_store_n(&free_count, free_count + 1, __ATOMIC_RELAXED);
}

// All but the shadow stack, which is expensive to get again, and the first word: the lock, and the slot.
void Wipe(Actor* actor) {
  StackEntry* stack = actor->own_stack;
  const uptr reserved = actor->stack_reserved;
  static_assert(sizeof(SpinLock) + sizeof(actor->slot) == sizeof(u64));
  Clear(reinterpret_cast<u64*>(actor) + 1, sizeof(Actor) - sizeof(u64));
  actor->own_stack = stack;
  actor->stack_reserved = reserved;
}

// A pass looks at all clocks, so of many actors it waits until it has been asked for more often.
bool WorthAPass() {
  constexpr u32 kActorsForEach = 64;
  static constinit u32 asked = 0;
  const u32 now = __atomic_add_fetch(&asked, 1u, __ATOMIC_RELAXED);
  if (now <= __atomic_load_n(&live_count, __ATOMIC_RELAXED) / kActorsForEach) return false;
  __atomic_store_n(&asked, 0u, __ATOMIC_RELAXED);
  return true;
}

// What all of some actors know.
struct Least {
  u32 size = kClockCapacity;
  u32 at[kClockCapacity];
  u32 one[kClockCapacity];
  u32 joined_one[kClockCapacity];

  Least() {
    for (u32& epoch : at) epoch = ~0u;
  }

  // False if that is not to be seen now.
  bool Add(const Actor* a) {
    u32 known = 0;
    if (!LoadClock(a, one, &known)) return false;
    const Actor* joined = __atomic_load_n(&a->joins, __ATOMIC_ACQUIRE);
    u32 joined_known = 0;
    if (joined != nullptr && !LoadClock(joined, joined_one, &joined_known)) return false;
    for (; known < joined_known; known++) one[known] = 0;
    JoinInto(one, joined_one, joined_known);
    if (known < size) size = known;
    for (u32 i = 0; i < size; i++) {
      if (one[i] < at[i]) at[i] = one[i];
    }
    return true;
  }
};

}  // namespace

constinit RareInfo* rare_infos = nullptr;
constinit bool multi_actor = false;
constinit bool sole_actor = false;
constinit Clock dead_clock = {};

void SetSelf(Actor* a) {
  const u64 self = reinterpret_cast<u64>(a);
  const bool accesses = a != nullptr && a->ignored_accesses == 0;
  const bool sync = a != nullptr && a->ignored_sync == 0;
  WriteTcb64<abi::kTlsActor>(self);
  WriteTcb64<abi::kTlsAccessor>(accesses ? self : 0);
  WriteTcb64<abi::kTlsOrderer>(sync ? self : 0);
  WriteTcb64<abi::kTlsAtomicActor>(accesses && sync ? self : 0);
}

void LimitActorInfos(u32 count) { infos_allowed = count < kInfosMax ? count : kInfosMax; }

ActorInfo* InfoOf(u32 id) { return &infos[id]; }
u32 ActorsEver() { return __atomic_load_n(&actors_ever, __ATOMIC_RELAXED); }

void LockActors() { actors_lock.Lock(); }
void UnlockActors() { actors_lock.Unlock(); }
Actor* FirstActor() { return live; }
bool ManyActorsFree() { return __atomic_load_n(&free_count, __ATOMIC_RELAXED) >= kFreeMany; }
bool NobodyLeft() { return __atomic_load_n(&live, __ATOMIC_ACQUIRE) == nullptr; }

Actor* AllocateActor(u32 parent, StackId created) {
  ActorInfo* info = NewInfo(parent, created);
  SpinGuard guard(actors_lock);
  Actor* actor = free_list;
  if (actor != nullptr) {
    free_list = actor->next;
    __atomic_store_n(&free_count, free_count - 1, __ATOMIC_RELAXED);
    Wipe(actor);
  } else {
    actor = static_cast<Actor*>(actors.Take(sizeof(Actor), "actors"));
  }
  actor->info = info;
  actor->id = info->id;
  actor->slot = kNoSlot;
  BeginKnowledge(actor);
  actor->logged_epoch = kNotLogged;
  actor->prev = nullptr;
  actor->next = live;
  if (live != nullptr) live->prev = actor;
  live = actor;
  Recount(1);
  return actor;
}

void RetireActor(Actor* actor) {
  SpinGuard guard(actors_lock);
  KeepSections(actor);
  Unlink(actor);
  FreeHeld(actor);  // nobody who has the list of actors reads it any more
  actor->info->finished = true;
  if (actor->info->detached) Recycle(actor);
}

void DetachActor(Actor* actor) {
  SpinGuard guard(actors_lock);
  actor->info->detached = true;
  if (actor->info->finished) Recycle(actor);
}

void WaitForEnd(Actor* waiter, Actor* joined) {
  SpinGuard guard(actors_lock);
  waiter->joins = joined;
}

void FreeActor(Actor* actor) {
  SpinGuard guard(actors_lock);
  if (!actor->info->finished) Unlink(actor);
  Recycle(actor);
}

bool KnowsIsland(const Actor* a, u32 slot, u32 epoch) {
  const Island& own = a->own_island;
  return (own.from != 0 && own.slot == slot && epoch >= own.from) ||
         Contains(a->clock->islands, slot, epoch);
}

void RefreshDeadClock() {
  if (!WorthAPass()) return;
  SpinGuard guard(actors_lock);
  Least least;
  for (const Actor* a = live; a != nullptr; a = a->next) {
    if (!least.Add(a)) return;
  }
  if (live != nullptr) JoinInto(dead_clock.at, least.at, least.size);
}

}  // namespace csan
