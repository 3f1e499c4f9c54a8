#include "clock/islands.h"

#include "base/spin_lock.h"
#include "platform/platform.h"

namespace csan {

constinit u64 gaps_filled = 0;

namespace {

// Arrays of 16, 32, ... islands, and twice the maximum for a merge before it is cut.
constexpr u32 kSmallest = 16;
constexpr u32 kClasses = 10;
static_assert(kSmallest << (kClasses - 1) == 2 * kIslandsMax);

struct FreeArray {
  FreeArray* next;
};

constinit SpinLock pool_lock;
constinit FreeArray* free_arrays[kClasses] = {};
constinit uptr batch = 0;
constinit uptr batch_left = 0;

u32 ClassFor(u32 count) {
  u32 c = 0;
  while ((kSmallest << c) < count) c++;
  return c;
}

Islands Allocate(u32 count) {
  const u32 c = ClassFor(count);
  const u32 capacity = kSmallest << c;
  const uptr bytes = sizeof(Island) * capacity;
  SpinGuard guard(pool_lock);
  if (FreeArray* array = free_arrays[c]) {
    free_arrays[c] = array->next;
    return {reinterpret_cast<Island*>(array), 0, capacity};
  }
  if (batch_left < bytes) {
    constexpr uptr kBatch = 1 << 20;
    batch = reinterpret_cast<uptr>(MapMemory(kBatch, "islands"));
    batch_left = kBatch;
  }
  const uptr at = batch;
  batch += bytes;
  batch_left -= bytes;
  return {reinterpret_cast<Island*>(at), 0, capacity};
}

bool Before(const Island& a, const Island& b) {
  return a.slot != b.slot ? a.slot < b.slot : a.from < b.from;
}

// Appends what is next in order. Returns whether at[] grew.
bool Append(u32* at, Islands* to, const Island& island) {
  if (island.from <= at[island.slot] + 1) {
    if (at[island.slot] >= island.to) return false;
    __atomic_store_n(&at[island.slot], island.to, __ATOMIC_RELAXED);
    return true;
  }
  if (to->count != 0) {
    Island& last = to->at[to->count - 1];
    if (last.slot == island.slot && island.from <= last.to + 1) {
      if (last.to < island.to) last.to = island.to;
      return false;
    }
  }
  to->at[to->count++] = island;
  return false;
}

void FillGaps(u32* at, Islands* islands) {
  for (u32 i = 0; i < islands->count; i++) at[islands->at[i].slot] = islands->at[i].to;
  __atomic_fetch_add(&gaps_filled, islands->count, __ATOMIC_RELAXED);
  islands->count = 0;
}

}  // namespace

bool Contains(const Islands& islands, u32 slot, u32 epoch) {
  u32 lo = 0;
  u32 hi = islands.count;
  while (lo < hi) {  // the first island that begins behind the epoch
    const u32 mid = (lo + hi) / 2;
    const Island& i = islands.at[mid];
    if (i.slot < slot || (i.slot == slot && i.from <= epoch)) {
      lo = mid + 1;
    } else {
      hi = mid;
    }
  }
  return lo != 0 && islands.at[lo - 1].slot == slot && epoch <= islands.at[lo - 1].to;
}

bool Contains(const Islands& islands, Word plain) {
  return Contains(islands, SlotOf(plain), EpochOf(plain));
}

bool JoinIslands(u32* at, Islands* into, const Islands& from) {
  Islands merged = Allocate(into->count + from.count);
  bool changed = false;
  for (u32 i = 0, k = 0; i < into->count || k < from.count;) {
    const bool ours = k == from.count || (i < into->count && Before(into->at[i], from.at[k]));
    changed |= Append(at, &merged, ours ? into->at[i++] : from.at[k++]);
  }
  changed |= merged.count != into->count;
  for (u32 i = 0; i < merged.count && !changed; i++) {
    changed = Before(merged.at[i], into->at[i]) || Before(into->at[i], merged.at[i]) ||
              merged.at[i].to != into->at[i].to;
  }
  if (merged.count > kIslandsMax) FillGaps(at, &merged);
  FreeIslands(into);
  *into = merged;
  return changed;
}

void AddIsland(u32* at, Islands* into, const Island& island) {
  Island one = island;
  JoinIslands(at, into, {&one, 1, 1});
}

void CopyIslands(Islands* into, const Islands& from) {
  if (into->capacity < from.count) {
    FreeIslands(into);
    *into = Allocate(from.count);
  }
  for (u32 i = 0; i < from.count; i++) into->at[i] = from.at[i];
  into->count = from.count;
}

void FreeIslands(Islands* islands) {
  if (islands->capacity != 0) {
    SpinGuard guard(pool_lock);
    FreeArray*& head = free_arrays[ClassFor(islands->capacity)];
    auto* array = reinterpret_cast<FreeArray*>(islands->at);
    array->next = head;
    head = array;
  }
  *islands = {};
}

}  // namespace csan
