#include "memory/large_blocks.h"

#include "base/spin_lock.h"
#include "memory/heap_hooks.h"
#include "platform/linux/address_map.h"
#include "platform/platform.h"

namespace csan {
namespace {

constexpr u32 kMost = 1 << 16;

constinit SpinLock lock;
constinit LargeMeta* records = nullptr;
constinit u32 used = 0;
constinit uptr bytes = 0;

}  // namespace

void MapLargeRecords() {
  records =
      static_cast<LargeMeta*>(MapMemory(sizeof(LargeMeta) * kMost, "records of large blocks"));
}

LargeMeta* FindLarge(uptr addr) {
  const u32 n = __atomic_load_n(&used, __ATOMIC_ACQUIRE);
  for (u32 i = 0; i < n; i++) {
    LargeMeta* l = &records[i];
    if (l->state != BlockState::kUnused && addr >= l->begin && addr - l->begin < l->map_size) {
      return l;
    }
  }
  return nullptr;
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
  u32 i = 0;
  while (i < used && records[i].state != BlockState::kUnused) i++;
  if (i == kMost) {
    UnmapForProgram(map, map_size);
    return nullptr;
  }
  const uptr begin = (at + align - 1) & ~(align - 1);
  records[i] = {at, map_size, begin, size, BlockState::kLive, {stack, actor, 0, 0, 0}};
  __atomic_fetch_add(&bytes, map_size, __ATOMIC_RELAXED);
  if (i == used) __atomic_store_n(&used, i + 1, __ATOMIC_RELEASE);
  return &records[i];
}

void UnmapLarge(uptr addr) {
  SpinGuard guard(lock);
  LargeMeta* l = FindLarge(addr);
  if (l == nullptr) return;
  UnmapForProgram(reinterpret_cast<void*>(l->map), l->map_size);
  __atomic_fetch_sub(&bytes, l->map_size, __ATOMIC_RELAXED);
  l->state = BlockState::kUnused;
}

uptr LargeBytes() { return __atomic_load_n(&bytes, __ATOMIC_RELAXED); }

u32 CountLarge() {
  u32 n = 0;
  ForEachLarge([](const LargeMeta&, void* count) { ++*static_cast<u32*>(count); }, &n);
  return n;
}

void ForEachLarge(void (*visit)(const LargeMeta& block, void* context), void* context) {
  for (u32 i = 0; i < used; i++) {
    if (records[i].state != BlockState::kUnused) visit(records[i], context);
  }
}

void LockLarge() { lock.Lock(); }
void UnlockLarge() { lock.Unlock(); }

}  // namespace csan
