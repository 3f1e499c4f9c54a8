// What the heap asks of those above, and what it tells them: it knows nothing of shadows and actors. Each
// may be null, as all are until the runtime has started.
#pragma once

#include "base/types.h"

namespace csan {

struct HeapCache;

constexpr uptr kHeapGrowth = 16 << 10;  // bytes

struct HeapHooks {
  void (*allocated)(uptr addr, uptr usable);
  // `mark` is kept with the block; written before anybody can find it freed.
  void (*freed)(uptr addr, uptr usable, uptr pc, u32* mark);
  void (*left_quarantine)(uptr addr, uptr usable);
  // Small blocks will soon be handed out for the first time from these kHeapGrowth bytes.
  void (*grown)(uptr addr, uptr size);
  u32 (*stack)(uptr pc);
  u32 (*actor)();
  HeapCache* (*cache)();
  // The program passed `addr` to free or realloc, but it is no live block of this heap.
  void (*bad_free)(uptr addr, bool freed_before, uptr pc);
};

extern HeapHooks heap_hooks;

}  // namespace csan
