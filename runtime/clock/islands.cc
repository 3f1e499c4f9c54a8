#include "clock/islands.h"

#include "base/spin_lock.h"
#include "clock/window.h"
#include "memory/arena.h"
#include "memory/pool.h"

namespace csan {

constinit u64 gaps_filled = 0;

namespace {

// ---- Memory

// Shared arrays of 16, 32, ... islands.
constexpr u32 kSmallest = 16;
constexpr u32 kClasses = 13;
static_assert(kSmallest << (kClasses - 1) >= kIslandsMax + IslandList::kOwn);

struct FreeArray {
  FreeArray* next;
};

constinit SpinLock pool_lock;
constinit FreeArray* free_arrays[kClasses] = {};
constinit Arena<1 << 20> arrays;
constinit u32 ids = 0;
constinit SharedPool<IslandList, 64> lists;

u32 ClassFor(u32 count) {
  u32 c = 0;
  while ((kSmallest << c) < count) c++;
  return c;
}

SharedIslands* NewShared(u32 count) {
  const u32 c = ClassFor(count);
  const uptr bytes = sizeof(SharedIslands) + sizeof(Island) * (kSmallest << c);
  SpinGuard guard(pool_lock);
  void* at = free_arrays[c];
  if (at != nullptr) {
    free_arrays[c] = free_arrays[c]->next;
  } else {
    at = arrays.Take(bytes, "islands");
  }
  auto* shared = static_cast<SharedIslands*>(at);
  *shared = {1, 0, kSmallest << c, ++ids};
  return shared;
}

SharedIslands* Share(SharedIslands* shared) {
  if (shared != nullptr) __atomic_fetch_add(&shared->users, 1u, __ATOMIC_RELAXED);
  return shared;
}

void Unshare(SharedIslands* shared) {
  if (shared == nullptr || __atomic_sub_fetch(&shared->users, 1u, __ATOMIC_ACQ_REL) != 0) return;
  SpinGuard guard(pool_lock);
  FreeArray*& head = free_arrays[ClassFor(shared->capacity)];
  auto* array = reinterpret_cast<FreeArray*>(shared);
  array->next = head;
  head = array;
}

IslandList* NewList() {
  IslandList* list = lists.Take("islands");
  list->shared = nullptr;
  list->joined = 0;
  list->count = 0;
  return list;
}

// ---- Sorted arrays

bool Before(const Island& a, const Island& b) {
  return a.slot != b.slot ? a.slot < b.slot : a.from < b.from;
}
bool Inside(const Island& a, const Island& b) {
  return a.slot == b.slot && a.from >= b.from && a.to <= b.to;
}

// The last that begins at the epoch or before; null if none does.
const Island* At(const Island* islands, u32 count, u32 slot, u32 epoch) {
  u32 lo = 0;
  u32 hi = count;
  while (lo < hi) {
    const u32 mid = (lo + hi) / 2;
    const Island& i = islands[mid];
    if (i.slot < slot || (i.slot == slot && i.from <= epoch)) {
      lo = mid + 1;
    } else {
      hi = mid;
    }
  }
  return lo != 0 && islands[lo - 1].slot == slot ? &islands[lo - 1] : nullptr;
}

bool Holds(const Island* islands, u32 count, const Island& island) {
  const Island* i = At(islands, count, island.slot, island.from);
  return i != nullptr && island.to <= i->to;
}

// Whether at[] reaches the island, which is part of it then.
bool Reached(u32* at, const Island& island) {
  if (island.from > at[island.slot] + 1) return false;
  if (at[island.slot] < island.to) {
    __atomic_store_n(&at[island.slot], island.to, __ATOMIC_RELAXED);
  }
  return true;
}

// Behind the others, or as part of the last.
void Append(u32* at, Island* islands, u32* count, const Island& island) {
  if (Reached(at, island)) return;
  if (*count != 0) {
    Island& last = islands[*count - 1];
    if (last.slot == island.slot && island.from <= last.to + 1) {
      if (last.to < island.to) last.to = island.to;
      return;
    }
  }
  islands[(*count)++] = island;
}

void FillGaps(u32* at, const SharedIslands& islands) {
  for (u32 i = 0; i < islands.count; i++) {
    u32& known = at[islands.at[i].slot];
    if (known < islands.at[i].to) __atomic_store_n(&known, islands.at[i].to, __ATOMIC_RELAXED);
  }
  __atomic_fetch_add(&gaps_filled, islands.count, __ATOMIC_RELAXED);
}

// ---- Lists

// Makes a shared array of all.
void Consolidate(u32* at, IslandList* list) {
  SharedIslands* const old = list->shared;
  const u32 had = old != nullptr ? old->count : 0;
  SharedIslands* merged = NewShared(had + list->count);
  for (u32 i = 0, k = 0; i < had || k < list->count;) {
    const bool shared = k == list->count || (i < had && Before(old->at[i], list->own[k]));
    Append(at, merged->at, &merged->count, shared ? old->at[i++] : list->own[k++]);
  }
  if (merged->count > kIslandsMax) {
    FillGaps(at, *merged);
    merged->count = 0;
  }
  if (merged->count == 0) {
    Unshare(merged);
    merged = nullptr;
  }
  Unshare(old);
  list->shared = merged;
  list->count = 0;
}

// Adds to the list's own, whatever is shared.
bool AddOwn(u32* at, IslandList* list, const Island& island) {
  if (Holds(list->own, list->count, island)) return false;
  if (list->count == IslandList::kOwn) Consolidate(at, list);
  if (Reached(at, island)) return true;  // gaps were filled
  Island merged[IslandList::kOwn + 1];
  u32 count = 0;
  bool added = false;
  for (u32 i = 0; i < list->count || !added;) {
    const bool next = !added && (i == list->count || Before(island, list->own[i]));
    added = added || next;
    Append(at, merged, &count, next ? island : list->own[i++]);
  }
  for (u32 i = 0; i < count; i++) list->own[i] = merged[i];
  list->count = count;
  return true;
}

bool Add(u32* at, IslandList* list, const Island& island) {
  if (island.to <= at[island.slot]) return false;
  if (Reached(at, island)) return true;
  const SharedIslands* shared = list->shared;
  if (shared != nullptr && Holds(shared->at, shared->count, island)) return false;
  return AddOwn(at, list, island);
}

// All of an array that is not the list's shared one.
bool AddArray(u32* at, IslandList* list, const SharedIslands& from) {
  if (list->joined == from.id) return false;
  bool changed = false;
  // Side by side as long as the shared array stays the same.
  const SharedIslands* shared = Share(list->shared);
  u32 k = 0;
  for (u32 i = 0; i < from.count; i++) {
    const Island& island = from.at[i];
    while (shared != nullptr && k + 1 < shared->count && !Before(island, shared->at[k + 1])) k++;
    if (shared != nullptr && k < shared->count && Inside(island, shared->at[k])) continue;
    changed |= Add(at, list, island);
  }
  Unshare(const_cast<SharedIslands*>(shared));
  list->joined = from.id;
  return changed;
}

// at[] may have grown.
void DropReached(u32* at, IslandList* list) {
  u32 count = 0;
  for (u32 i = 0; i < list->count; i++) {
    const Island island = list->own[i];
    Append(at, list->own, &count, island);
  }
  list->count = count;
}

}  // namespace

bool Contains(const Islands& islands, u32 slot, u32 epoch) {
  if (islands.none()) return false;
  const IslandList& list = *islands.list;
  const Island one = {slot, epoch, epoch};
  return Holds(list.own, list.count, one) ||
         (list.shared != nullptr && Holds(list.shared->at, list.shared->count, one));
}

bool Contains(const Islands& islands, Word plain) {
  return Contains(islands, SlotOf(plain), WholeEpoch(plain));
}

bool JoinIslands(u32* at, Islands* into, const Islands& from) {
  bool changed = false;
  if (!from.none()) {
    if (into->none()) into->list = NewList();
    IslandList* const list = into->list;
    SharedIslands* const theirs = from.list->shared;
    SharedIslands* const ours = list->shared;
    if (theirs != nullptr && theirs != ours) {
      if (ours != nullptr && ours->count >= theirs->count) {
        changed = AddArray(at, list, *theirs);
      } else {
        list->shared = Share(theirs);
        if (ours != nullptr) AddArray(at, list, *ours);
        Unshare(ours);
        changed = true;
      }
    }
    for (u32 i = 0; i < from.list->count; i++) changed |= Add(at, list, from.list->own[i]);
  }
  if (!into->none()) DropReached(at, into->list);
  return changed;
}

void AddIsland(u32* at, Islands* into, const Island& island) {
  if (into->none()) into->list = NewList();
  Add(at, into->list, island);
  DropReached(at, into->list);
}

void CopyIslands(Islands* into, const Islands& from) {
  if (from.none()) {
    FreeIslands(into);
    return;
  }
  if (into->none()) into->list = NewList();
  SharedIslands* const shared = Share(from.list->shared);
  Unshare(into->list->shared);
  into->list->shared = shared;
  into->list->joined = from.list->joined;
  into->list->count = from.list->count;
  for (u32 i = 0; i < from.list->count; i++) into->list->own[i] = from.list->own[i];
}

void FreeIslands(Islands* islands) {
  if (islands->none()) return;
  Unshare(islands->list->shared);
  FreeMoved(islands);
}

Islands MakeIslands(SharedIslands* shared, u32 joined, const Island* own, u32 count) {
  if (shared == nullptr && count == 0) return {nullptr};
  IslandList* const list = lists.Take("islands");
  list->shared = shared;
  list->joined = joined;
  list->count = count;
  for (u32 i = 0; i < count; i++) list->own[i] = own[i];
  return {list};
}

void FreeMoved(Islands* islands) {
  if (islands->none()) return;
  lists.Give(islands->list);
  islands->list = nullptr;
}

}  // namespace csan
