#include "memory/heap.h"

#include "base/spin_lock.h"
#include "base/string.h"
#include "platform/linux/address_map.h"
#include "platform/platform.h"

namespace csan {
namespace {

constexpr u32 kRegionBits = kHeapRegionBits;
constexpr uptr kRegion = 1ull << kRegionBits;
constexpr u32 kSmallClasses = 16;  // 16, 32, … 256
constexpr uptr kSmallMax = 256;

struct Meta {
  u32 requested_state;  // state in the low 2 bits, requested bytes above
  u32 alloc_stack;
  u32 alloc_actor;
  u32 free_stack;
  u32 free_actor;
  u32 free_mark;
};

struct ClassState {
  SpinLock lock;
  u32 count;  // of the free list
  void* free_head;
  uptr next;    // first address never handed out
  uptr grown;   // end of what `grown` was told
  uptr dumped;  // end of what goes into core dumps
  Meta* meta;
};

struct Large {
  uptr map;
  uptr map_size;
  uptr begin;
  uptr size;
  BlockState state;
  u32 alloc_stack, alloc_actor, free_stack, free_actor, free_mark;
};

constexpr u32 kLargeMax = 1 << 16;
constexpr u32 kQuarantineMax = 1 << 20;
constexpr u64 kAlwaysKept = 4;  // of the blocks freed last, whatever their size

constinit HeapHooks hooks = {};
constinit uptr base = 0;
constinit ClassState classes[kHeapClasses] = {};
constinit u64 reciprocal[kHeapClasses] = {};
constinit uptr class_size[kHeapClasses] = {};
constinit SpinLock init_lock;
constinit SpinLock large_lock;
constinit Large* large = nullptr;
constinit u32 large_used = 0;
constinit SpinLock quarantine_lock;
constinit void** quarantine = nullptr;
constinit u64 quarantine_head = 0;
constinit u64 quarantine_tail = 0;
constinit uptr quarantine_bytes = 0;
constinit QuarantineSize quarantine_size = {512 << 10, 512 << 10};
constinit uptr heap_bytes = 0;  // taken from the regions and mapped for large blocks
constinit SpinLock shared_cache_lock;
constinit HeapCache shared_cache = {};

u32 ClassOf(uptr size) {
  if (size <= kSmallMax) return size == 0 ? 0 : static_cast<u32>((size - 1) / 16);
  const u32 log = 63 - static_cast<u32>(__builtin_clzll(size - 1));  // size in (2^log, 2^(log+1)]
  const u32 quarter = static_cast<u32>((size - 1) >> (log - 2)) & 3;
  return kSmallClasses + (log - 8) * 4 + quarter;
}

uptr SizeOfClass(u32 c) {
  if (c < kSmallClasses) return static_cast<uptr>(c + 1) * 16;
  const u32 log = 8 + (c - kSmallClasses) / 4;
  return (1ull << log) + ((c - kSmallClasses) % 4 + 1) * (1ull << (log - 2));
}

void Init() {
  SpinGuard guard(init_lock);
  if (base != 0) return;
  for (u32 c = 0; c < kHeapClasses; c++) {
    class_size[c] = SizeOfClass(c);
    reciprocal[c] = ~0ull / (class_size[c] / 16) + 1;
    if (class_size[c] == 16) reciprocal[c] = 0;
    const uptr blocks = kRegion / class_size[c];
    classes[c].meta = static_cast<Meta*>(MapMemory(sizeof(Meta) * blocks, "heap records"));
  }
  large = static_cast<Large*>(MapMemory(sizeof(Large) * kLargeMax, "records of large blocks"));
  quarantine = static_cast<void**>(MapMemory(sizeof(void*) * kQuarantineMax, "the quarantine"));
  const uptr mapped = reinterpret_cast<uptr>(MapMemory(kHeapReserved, "the heap"));
  const uptr aligned = (mapped + kRegion - 1) & ~(kRegion - 1);
  for (u32 c = 0; c < kHeapClasses; c++) classes[c].next = aligned + c * kRegion;
  __atomic_store_n(&base, aligned, __ATOMIC_RELEASE);
}

bool InRegions(uptr addr) { return addr - base < kRegion * kHeapClasses && base != 0; }
u32 ClassAt(uptr addr) { return static_cast<u32>((addr - base) >> kRegionBits); }

uptr IndexAt(u32 c, uptr addr) {
  const u64 n = ((addr - base) & (kRegion - 1)) / 16;
  if (reciprocal[c] == 0) return n;
  return static_cast<uptr>((static_cast<unsigned __int128>(n) * reciprocal[c]) >> 64);
}

Meta* MetaAt(u32 c, uptr addr) { return &classes[c].meta[IndexAt(c, addr)]; }
uptr BeginAt(u32 c, uptr addr) { return base + c * kRegion + IndexAt(c, addr) * class_size[c]; }

BlockState StateOf(const Meta* m) { return static_cast<BlockState>(m->requested_state & 3); }
uptr RequestedOf(const Meta* m) { return m->requested_state >> 2; }
void SetState(Meta* m, uptr requested, BlockState state) {
  m->requested_state = static_cast<u32>(requested << 2) | static_cast<u32>(state);
}

void*& NextOf(void* block) { return *static_cast<void**>(block); }

u32 BatchOf(u32 c) {
  const uptr fit = (16 << 10) / class_size[c];
  return fit < 1 ? 1 : fit > 32 ? 32 : static_cast<u32>(fit);
}

// From now on a core dump holds the next piece of the class too.
void Dump(ClassState* s, u32 c) {
  constexpr uptr kStep = 4 << 20;
  static_assert(kStep >= kLargeMin);
  const uptr from = s->dumped == 0 ? base + c * kRegion : s->dumped;
  PutIntoDumps(from, kStep);
  s->dumped = from + kStep;
}

bool Refill(HeapCache* cache, u32 c) {
  HeapCache::FreeList& list = cache->lists[c];
  ClassState& s = classes[c];
  SpinGuard guard(s.lock);
  for (u32 left = BatchOf(c); left > 0; left--) {
    void* block = s.free_head;
    if (block != nullptr) {
      s.free_head = NextOf(block);
    } else {
      if (s.next + class_size[c] > base + (c + 1) * kRegion) break;
      block = reinterpret_cast<void*>(s.next);
      s.next += class_size[c];
      __atomic_fetch_add(&heap_bytes, class_size[c], __ATOMIC_RELAXED);
      if (s.next > s.dumped) Dump(&s, c);
      // Rounded up to pages; a class of big blocks is left to be touched piece by piece.
      if (class_size[c] <= kHeapGrowth / 4 && s.next > s.grown) {
        const uptr from = s.grown == 0 ? (s.next - class_size[c]) : s.grown;
        if (hooks.grown != nullptr) hooks.grown(from, kHeapGrowth);
        s.grown = from + kHeapGrowth;
      }
    }
    NextOf(block) = list.head;
    list.head = block;
    list.count++;
  }
  return list.head != nullptr;
}

void Spill(HeapCache::FreeList* list, u32 c, u32 keep) {
  if (list->count <= keep) return;
  ClassState& s = classes[c];
  SpinGuard guard(s.lock);
  while (list->count > keep) {
    void* block = list->head;
    list->head = NextOf(block);
    list->count--;
    NextOf(block) = s.free_head;
    s.free_head = block;
  }
}

// The running actor's cache, or the shared one, locked, for threads without an actor.
class CacheUser {
 public:
  CacheUser() : cache_(hooks.cache != nullptr ? hooks.cache() : nullptr) {
    if (cache_ == nullptr) {
      shared_cache_lock.Lock();
      cache_ = &shared_cache;
    }
  }
  ~CacheUser() {
    if (cache_ == &shared_cache) shared_cache_lock.Unlock();
  }
  CacheUser(const CacheUser&) = delete;
  CacheUser& operator=(const CacheUser&) = delete;
  HeapCache* operator->() { return cache_; }
  HeapCache* get() { return cache_; }

 private:
  HeapCache* cache_;
};

Large* FindLarge(uptr addr) {
  const u32 used = __atomic_load_n(&large_used, __ATOMIC_ACQUIRE);
  for (u32 i = 0; i < used; i++) {
    Large* l = &large[i];
    if (l->state != BlockState::kUnused && addr >= l->begin && addr - l->begin < l->map_size) {
      return l;
    }
  }
  return nullptr;
}

void* AllocateLarge(uptr size, uptr align, uptr pc) {
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
  const u32 stack = hooks.stack != nullptr ? hooks.stack(pc) : 0;
  SpinGuard guard(large_lock);
  u32 i = 0;
  while (i < large_used && large[i].state != BlockState::kUnused) i++;
  if (i == kLargeMax) {
    UnmapForProgram(map, map_size);
    return nullptr;
  }
  Large& l = large[i];
  l = {at,
       map_size,
       (at + align - 1) & ~(align - 1),
       size,
       BlockState::kLive,
       stack,
       hooks.actor != nullptr ? hooks.actor() : 0,
       0,
       0,
       0};
  __atomic_fetch_add(&heap_bytes, map_size, __ATOMIC_RELAXED);
  if (i == large_used) __atomic_store_n(&large_used, i + 1, __ATOMIC_RELEASE);
  return reinterpret_cast<void*>(l.begin);
}

}  // namespace

bool HeapOwns(uptr addr) { return InRegions(addr) || FindLarge(addr) != nullptr; }

namespace {

uptr UsableAt(void* block) {
  const uptr addr = reinterpret_cast<uptr>(block);
  if (InRegions(addr)) return class_size[ClassAt(addr)];
  const Large* l = FindLarge(addr);
  return l == nullptr ? 0 : (l->size + 15) & ~15ull;
}

void Reuse(void* block) {
  const uptr addr = reinterpret_cast<uptr>(block);
  if (hooks.left_quarantine != nullptr) hooks.left_quarantine(addr, UsableAt(block));
  if (!InRegions(addr)) {
    SpinGuard guard(large_lock);
    if (Large* l = FindLarge(addr)) {
      UnmapForProgram(reinterpret_cast<void*>(l->map), l->map_size);
      __atomic_fetch_sub(&heap_bytes, l->map_size, __ATOMIC_RELAXED);
      l->state = BlockState::kUnused;
    }
    return;
  }
  const u32 c = ClassAt(addr);
  CacheUser cache;
  HeapCache::FreeList& list = cache->lists[c];
  NextOf(block) = list.head;
  list.head = block;
  if (++list.count > 2 * BatchOf(c)) Spill(&list, c, BatchOf(c));
}

uptr QuarantineLimit() {
  const uptr share = __atomic_load_n(&heap_bytes, __ATOMIC_RELAXED) / 16;
  const uptr wanted = share > quarantine_size.least ? share : quarantine_size.least;
  return wanted < quarantine_size.most ? wanted : quarantine_size.most;
}

// Moves the pending blocks into the quarantine and reuses what it pushes out.
void Quarantine(void** pending, u32 count) {
  constexpr u32 kOut = 64;
  void* out[kOut];
  u32 out_count = 0;
  const uptr limit = QuarantineLimit();
  const u64 kept = limit == 0 ? 0 : kAlwaysKept;
  bool more = true;
  while (more) {
    {
      SpinGuard guard(quarantine_lock);
      for (u32 i = 0; i < count; i++) {
        quarantine[quarantine_head++ % kQuarantineMax] = pending[i];
        quarantine_bytes += UsableAt(pending[i]);
      }
      count = 0;
      out_count = 0;
      while (
          quarantine_head - quarantine_tail > kept && out_count < kOut &&
          (quarantine_bytes > limit || quarantine_head - quarantine_tail > kQuarantineMax - 1024)) {
        void* block = quarantine[quarantine_tail++ % kQuarantineMax];
        quarantine_bytes -= UsableAt(block);
        out[out_count++] = block;
      }
      more = out_count == kOut;
    }
    for (u32 i = 0; i < out_count; i++) Reuse(out[i]);
  }
}

}  // namespace

void ReserveHeap() { Init(); }

void SetHeapHooks(const HeapHooks& new_hooks, QuarantineSize size) {
  quarantine_size = size;
  hooks = new_hooks;
}

void* HeapAllocate(uptr size, uptr align, bool zero, uptr pc) {
  if (CSAN_UNLIKELY(__atomic_load_n(&base, __ATOMIC_ACQUIRE) == 0)) Init();
  u32 c = kHeapClasses;
  if (CSAN_LIKELY(size <= kLargeMin && align <= kLargeMin)) {
    c = ClassOf(size < align && align > 16 ? align : size);
    // Regions are aligned, so a block is as aligned as its size is.
    while (align > 16 && c < kHeapClasses && (class_size[c] & (align - 1)) != 0) c++;
  }
  if (CSAN_UNLIKELY(c >= kHeapClasses)) {
    void* block = AllocateLarge(size, align < 16 ? 16 : align, pc);
    if (block != nullptr && hooks.allocated != nullptr) {
      hooks.allocated(reinterpret_cast<uptr>(block), UsableAt(block));
    }
    return block;
  }
  void* block;
  {
    CacheUser cache;
    HeapCache::FreeList& list = cache->lists[c];
    if (CSAN_UNLIKELY(list.head == nullptr) && !Refill(cache.get(), c)) return nullptr;
    block = list.head;
    list.head = NextOf(block);
    list.count--;
  }
  const uptr addr = reinterpret_cast<uptr>(block);
  NextOf(block) = nullptr;
  Meta* meta = MetaAt(c, addr);
  // Written before it is read: a fresh page that is read first faults twice.
  if (hooks.stack != nullptr) {
    meta->alloc_stack = hooks.stack(pc);
    meta->alloc_actor = hooks.actor();
  }
  const bool virgin = StateOf(meta) == BlockState::kUnused;
  SetState(meta, size, BlockState::kLive);
  if (hooks.stack != nullptr) hooks.allocated(addr, class_size[c]);
  if (zero && !virgin) MemFill(block, 0, size);
  return block;
}

void HeapFree(void* block, uptr pc) {
  if (block == nullptr) return;
  const uptr addr = reinterpret_cast<uptr>(block);
  uptr usable;
  if (CSAN_LIKELY(InRegions(addr))) {
    const u32 c = ClassAt(addr);
    Meta* meta = MetaAt(c, addr);
    if (CSAN_UNLIKELY(StateOf(meta) != BlockState::kLive || BeginAt(c, addr) != addr)) {
      if (hooks.bad_free != nullptr) hooks.bad_free(addr, StateOf(meta) == BlockState::kFreed, pc);
      return;
    }
    usable = class_size[c];
    if (hooks.freed != nullptr) hooks.freed(addr, usable, pc, &meta->free_mark);
    SetState(meta, RequestedOf(meta), BlockState::kFreed);
    if (hooks.stack != nullptr) {
      meta->free_stack = hooks.stack(pc);
      meta->free_actor = hooks.actor();
    }
  } else {
    Large* l = FindLarge(addr);
    // Memory that is not ours: handed out by the loader before we were there. It is left alone.
    if (l == nullptr) return;
    if (l->begin != addr || l->state != BlockState::kLive) {
      if (hooks.bad_free != nullptr) hooks.bad_free(addr, l->state == BlockState::kFreed, pc);
      return;
    }
    usable = UsableAt(block);
    if (hooks.freed != nullptr) hooks.freed(addr, usable, pc, &l->free_mark);
    l->state = BlockState::kFreed;
    // Waiting costs it no memory; what is read of it now is zeros.
    ReleasePages(l->map, l->map_size);
    if (hooks.stack != nullptr) {
      l->free_stack = hooks.stack(pc);
      l->free_actor = hooks.actor();
    }
  }
  void* full[HeapCache::kPending];
  u32 count = 0;
  {
    CacheUser cache;
    cache->pending[cache->pending_count++] = block;
    if (cache->pending_count == HeapCache::kPending || usable >= (64 << 10)) {
      count = cache->pending_count;
      for (u32 i = 0; i < count; i++) full[i] = cache->pending[i];
      cache->pending_count = 0;
    }
  }
  if (count != 0) Quarantine(full, count);
}

void* HeapReallocate(void* block, uptr size, uptr pc) {
  if (block == nullptr) return HeapAllocate(size, 16, false, pc);
  if (size == 0) {
    HeapFree(block, pc);
    return nullptr;
  }
  const uptr addr = reinterpret_cast<uptr>(block);
  if (InRegions(addr)) {
    Meta* meta = MetaAt(ClassAt(addr), addr);
    if (StateOf(meta) == BlockState::kLive && size <= class_size[ClassAt(addr)] &&
        size * 2 >= class_size[ClassAt(addr)]) {
      SetState(meta, size, BlockState::kLive);
      return block;
    }
  }
  const uptr had = HeapUsableSize(block);
  void* fresh = HeapAllocate(size, 16, false, pc);
  if (fresh == nullptr) return nullptr;
  MemCopy(fresh, block, had < size ? had : size);
  HeapFree(block, pc);
  return fresh;
}

uptr HeapUsableSize(const void* block) {
  BlockInfo info;
  return block != nullptr && FindBlock(reinterpret_cast<uptr>(block), &info) ? info.size : 0;
}

bool FindBlock(uptr addr, BlockInfo* info) {
  if (InRegions(addr)) {
    const u32 c = ClassAt(addr);
    const Meta* m = MetaAt(c, addr);
    *info = {BeginAt(c, addr), RequestedOf(m), class_size[c], StateOf(m),  m->alloc_stack,
             m->alloc_actor,   m->free_stack,  m->free_actor, m->free_mark};
    return info->state != BlockState::kUnused;
  }
  const Large* l = FindLarge(addr);
  if (l == nullptr) return false;
  *info = {l->begin,       l->size,       l->size,       l->state,    l->alloc_stack,
           l->alloc_actor, l->free_stack, l->free_actor, l->free_mark};
  return true;
}

void FlushCache(HeapCache& cache) {
  void* pending[HeapCache::kPending];
  const u32 count = cache.pending_count;
  for (u32 i = 0; i < count; i++) pending[i] = cache.pending[i];
  cache.pending_count = 0;
  if (count != 0) Quarantine(pending, count);
  for (u32 c = 0; c < kHeapClasses; c++) Spill(&cache.lists[c], c, 0);
}

// Of all live blocks a number: those of a class one after another, then the large ones.
void CountBlocks(HeapCensus* census) {
  u64 n = 0;
  for (u32 c = 0; c < kHeapClasses; c++) {
    census->first[c] = n;
    n += (classes[c].next - (base + c * kRegion)) / class_size[c];
  }
  census->blocks = n;
  census->regions = {base, base + kRegion * kHeapClasses};
  census->large = 0;
  for (u32 i = 0; i < large_used; i++)
    census->large += large[i].state != BlockState::kUnused ? 1 : 0;
}

void ListLargeBlocks(LargeBlock* out) {
  for (u32 i = 0; i < large_used; i++) {
    const Large& l = large[i];
    if (l.state == BlockState::kUnused) continue;
    *out++ = {
        {l.map, l.map + l.map_size}, {l.begin, l.begin + l.size}, l.state == BlockState::kLive};
  }
}

void ForEachSmallBlock(const HeapCensus& census,
                       void (*visit)(u64 number, AddressRange block, void* context),
                       void* context) {
  for (u32 c = 0; c < kHeapClasses; c++) {
    const u64 end = c + 1 < kHeapClasses ? census.first[c + 1] : census.blocks;
    for (u64 i = 0; i < end - census.first[c]; i++) {
      const Meta& m = classes[c].meta[i];
      if (StateOf(&m) != BlockState::kLive) continue;
      const uptr lo = base + c * kRegion + i * class_size[c];
      visit(census.first[c] + i, {lo, lo + RequestedOf(&m)}, context);
    }
  }
}

bool FindSmallBlock(const HeapCensus& census, uptr addr, u64* number, AddressRange* block) {
  if (!InRegions(addr)) return false;
  const u32 c = ClassAt(addr);
  if (addr >= classes[c].next) return false;
  const uptr index = IndexAt(c, addr);
  const Meta& m = classes[c].meta[index];
  if (StateOf(&m) != BlockState::kLive) return false;
  *number = census.first[c] + index;
  block->lo = base + c * kRegion + index * class_size[c];
  block->hi = block->lo + RequestedOf(&m);
  return true;
}

bool NumberSmallBlock(const HeapCensus& census, uptr addr, SmallBlockNumber* out) {
  if (!InRegions(addr)) return false;
  const u32 c = ClassAt(addr);
  if (addr >= classes[c].next) return false;
  const uptr index = IndexAt(c, addr);
  *out = {census.first[c] + index, &classes[c].meta[index]};
  return true;
}

void HeapBeforeFork() {
  quarantine_lock.Lock();
  large_lock.Lock();
  shared_cache_lock.Lock();
  for (ClassState& s : classes) s.lock.Lock();
}

void HeapAfterFork() {
  for (ClassState& s : classes) s.lock.Unlock();
  shared_cache_lock.Unlock();
  large_lock.Unlock();
  quarantine_lock.Unlock();
}

}  // namespace csan
