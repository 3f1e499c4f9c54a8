#include "memory/large_blocks.h"

#include "base/spin_lock.h"
#include "memory/heap_hooks.h"
#include "memory/size_class.h"
#include "platform/linux/address_map.h"
#include "platform/platform.h"

namespace csan {
namespace {

constexpr u32 kMost = 1 << 20;
constexpr u32 kAddressBits = 47;
constexpr u32 kPieceBits = 20;
constexpr uptr kPiece = 1ull << kPieceBits;
static_assert(kPiece <= kLargeMin, "a mapping must hold the first byte of a piece");

constinit SpinLock lock;
// [0] stands for none. Both are touched only where there are blocks.
constinit LargeMeta* records = nullptr;
constinit u32* index = nullptr;
constinit u32 used = 0;    // numbers up to this one have been given
constinit u32 unused = 0;  // of those, the first that may be given again
constinit uptr bytes = 0;

// The number of an unused record; 0 if there is none.
u32 TakeNumber() {
  const u32 number = unused;
  if (number != 0) {
    unused = records[number].next_unused;
    return number;
  }
  if (used == kMost) return 0;
  __atomic_store_n(&used, used + 1, __ATOMIC_RELEASE);
  return used;
}

void GiveNumber(u32 number) {
  records[number].next_unused = unused;
  unused = number;
}

// Has the pieces whose first byte lies in a mapping say so, or no longer.
void SetIndex(const LargeMeta& l, u32 number) {
  const uptr last = (l.map + l.map_size - 1) >> kPieceBits;
  for (uptr i = (l.map + kPiece - 1) >> kPieceBits; i <= last; i++) {
    __atomic_store_n(&index[i], number, __ATOMIC_RELEASE);
  }
}

// The block of a number if the address lies in it.
LargeMeta* IfIn(u32 number, uptr addr) {
  if (number == 0) return nullptr;
  LargeMeta* l = &records[number];
  const u32 unchanged = l->changing.Begin();
  if (addr < l->begin || addr - l->map >= l->map_size) return nullptr;
  return l->changing.Unchanged(unchanged) ? l : nullptr;
}

}  // namespace

void MapLargeRecords() {
  records = static_cast<LargeMeta*>(
      MapMemory(sizeof(LargeMeta) * (kMost + 1), "records of large blocks"));
  index = static_cast<u32*>(
      MapMemory(sizeof(u32) * ((1ull << (kAddressBits - kPieceBits)) + 1), "an index of blocks"));
}

LargeMeta* FindLarge(uptr addr) {
  if (__atomic_load_n(&used, __ATOMIC_ACQUIRE) == 0 || addr >> kAddressBits != 0) return nullptr;
  const u32* piece = &index[addr >> kPieceBits];
  LargeMeta* l = IfIn(__atomic_load_n(&piece[0], __ATOMIC_ACQUIRE), addr);
  return l != nullptr ? l : IfIn(__atomic_load_n(&piece[1], __ATOMIC_ACQUIRE), addr);
}

LargeMeta* MapLarge(uptr size, uptr align, uptr pc) {
  constexpr uptr kPage = 4096;
  if (size > (1ull << 46) || align > (1ull << 40)) return nullptr;
  const uptr map_size = ((size + kPage - 1) & ~(kPage - 1)) + (align > kPage ? align : 0);
  void* map = TryMapForProgram(map_size);
  if (map == nullptr) return nullptr;
  const uptr at = reinterpret_cast<uptr>(map);
  if (!HasShadow(at, map_size)) {
    UnmapForProgram(map, map_size);
    return nullptr;
  }
  const u32 stack = heap_hooks.stack != nullptr ? heap_hooks.stack(pc) : 0;
  const u32 actor = heap_hooks.actor != nullptr ? heap_hooks.actor() : 0;
  SpinGuard guard(lock);
  const u32 number = TakeNumber();
  if (number == 0) {
    UnmapForProgram(map, map_size);
    return nullptr;
  }
  LargeMeta& l = records[number];
  l.changing.Lock();
  l.map = at;
  l.map_size = map_size;
  l.begin = (at + align - 1) & ~(align - 1);
  l.size = size;
  l.state = BlockState::kLive;
  l.by = {stack, actor, 0, 0, 0};
  l.changing.Unlock();
  SetIndex(l, number);
  __atomic_fetch_add(&bytes, map_size, __ATOMIC_RELAXED);
  return &l;
}

bool MoveLarge(uptr from, uptr to, uptr size) {
  constexpr uptr kPage = 4096;
  constexpr uptr kMin = 1 << 20;  // else a copy is as quick
  const LargeMeta* const old = FindLarge(from);
  const LargeMeta* const fresh = FindLarge(to);
  if (size < kMin || old == nullptr || fresh == nullptr || old->begin != from ||
      fresh->begin != to || old->state != BlockState::kLive || ((from | to) & (kPage - 1)) != 0) {
    return false;
  }
  return MovePages(from, to, (size + kPage - 1) & ~(kPage - 1));
}

void UnmapLarge(uptr addr) {
  SpinGuard guard(lock);
  LargeMeta* l = FindLarge(addr);
  if (l == nullptr) return;
  const uptr map_size = l->map_size;
  SetIndex(*l, 0);
  l->changing.Lock();
  l->map_size = 0;
  l->state = BlockState::kUnused;
  l->changing.Unlock();
  UnmapForProgram(reinterpret_cast<void*>(l->map), map_size);
  __atomic_fetch_sub(&bytes, map_size, __ATOMIC_RELAXED);
  GiveNumber(static_cast<u32>(l - records));
}

uptr LargeBytes() { return __atomic_load_n(&bytes, __ATOMIC_RELAXED); }

u32 CountLarge() {
  u32 n = 0;
  ForEachLarge([](const LargeMeta&, void* count) { ++*static_cast<u32*>(count); }, &n);
  return n;
}

void ForEachLarge(void (*visit)(const LargeMeta& block, void* context), void* context) {
  for (u32 i = 1; i <= used; i++) {
    if (records[i].state != BlockState::kUnused) visit(records[i], context);
  }
}

void LockLarge() { lock.Lock(); }
void UnlockLarge() { lock.Unlock(); }

}  // namespace csan
