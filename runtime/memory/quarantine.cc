#include "memory/quarantine.h"

#include "base/spin_lock.h"
#include "memory/heap_cache.h"
#include "memory/heap_hooks.h"
#include "memory/large_blocks.h"
#include "memory/region.h"
#include "platform/platform.h"

namespace csan {
namespace {

constexpr u32 kMost = 1 << 20;  // blocks
constexpr u64 kAlwaysKept = 4;  // of the blocks freed last, whatever their size

constinit SpinLock lock;
constinit void** waiting = nullptr;  // a ring
constinit u64 head = 0;
constinit u64 tail = 0;
constinit uptr bytes = 0;
constinit QuarantineSize bounds = {512 << 10, 512 << 10};

uptr UsableAt(void* block) {
  const uptr addr = reinterpret_cast<uptr>(block);
  if (InRegions(addr)) return kSizeClasses.size[ClassAt(addr)];
  const LargeMeta* large = FindLarge(addr);
  return large == nullptr ? 0 : large->Usable();
}

void Reuse(void* block) {
  const uptr addr = reinterpret_cast<uptr>(block);
  if (heap_hooks.left_quarantine != nullptr) heap_hooks.left_quarantine(addr, UsableAt(block));
  if (!InRegions(addr)) {
    UnmapLarge(addr);
    return;
  }
  const u32 c = ClassAt(addr);
  CacheUser cache;
  GiveBack(&cache->lists[c], c, block);
}

uptr Limit() {
  const uptr share = (RegionBytes() + LargeBytes()) / 16;
  const uptr wanted = share > bounds.least ? share : bounds.least;
  return wanted < bounds.most ? wanted : bounds.most;
}

bool TooMany(uptr limit, u64 kept) {
  // Room for what other threads bring before this one comes back.
  constexpr u64 kRoom = 1024;
  return head - tail > kept && (bytes > limit || head - tail > kMost - kRoom);
}

}  // namespace

void SetQuarantine(QuarantineSize size) { bounds = size; }

void MapQuarantine() {
  waiting = static_cast<void**>(MapMemory(sizeof(void*) * kMost, "the quarantine"));
}

void Quarantine(void* const* blocks, u32 count) {
  constexpr u32 kOut = 64;
  void* out[kOut];
  u32 out_count = 0;
  const uptr limit = Limit();
  const u64 kept = limit == 0 ? 0 : kAlwaysKept;
  do {
    {
      SpinGuard guard(lock);
      for (u32 i = 0; i < count; i++) {
        waiting[head++ % kMost] = blocks[i];
        bytes += UsableAt(blocks[i]);
      }
      count = 0;
      for (out_count = 0; out_count < kOut && TooMany(limit, kept); out_count++) {
        void* block = waiting[tail++ % kMost];
        bytes -= UsableAt(block);
        out[out_count] = block;
      }
    }
    for (u32 i = 0; i < out_count; i++) Reuse(out[i]);
  } while (out_count == kOut);
}

void LockQuarantine() { lock.Lock(); }
void UnlockQuarantine() { lock.Unlock(); }

}  // namespace csan
