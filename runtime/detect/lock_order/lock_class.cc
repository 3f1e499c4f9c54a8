#include "detect/lock_order/lock_class.h"

#include "detect/lock_order/lock_graph.h"
#include "detect/lock_order/pool.h"
#include "memory/heap.h"

namespace csan::lock_order {
namespace {

constexpr u32 kBuckets = 1 << 14;

struct Class {
  u64 place;
  LockId lock;
  u32 next;
};

constinit Pool<Class, 1 << 20> classes;
constinit u32 buckets[kBuckets] = {};

constexpr u64 kInitialised = 0xFFFF;  // no offset in a block

// The innermost call, whoever its callers are.
u64 PlaceOf(StackId site, u64 offset) { return (NodeAt(site).pc_note & kPcMask) << 16 | offset; }

LockId ClassOf(u64 place, uptr addr) {
  u32* const bucket = &buckets[place * 0x9E3779B97F4A7C15ull >> 50];
  for (u32 i = *bucket; i != 0; i = classes[i].next) {
    if (classes[i].place == place) return classes[i].lock;
  }
  const u32 id = classes.Take();
  if (id == 0) return NewLock(addr);
  classes[id] = {place, NewLock(addr), *bucket};
  *bucket = id;
  return classes[id].lock;
}

}  // namespace

LockId ClassAt(uptr addr) {
  BlockInfo block;
  const bool found = FindBlock(addr, &block) && block.state == BlockState::kLive;
  if (!found || block.alloc_stack == 0) return NewLock(addr);
  return ClassOf(PlaceOf(block.alloc_stack, (addr - block.begin) & 0x7FFF), addr);
}

LockId ClassMadeAt(StackId site, uptr addr) { return ClassOf(PlaceOf(site, kInitialised), addr); }

}  // namespace csan::lock_order
