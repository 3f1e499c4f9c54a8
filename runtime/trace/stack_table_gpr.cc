// See stack_table.h. Built without vector instructions, because the cold path of an inlined check
// runs it while the program's vector registers are live.
#include "trace/stack_table.h"

#include "platform/platform.h"

namespace csan {

constinit StackNode* stack_nodes = nullptr;

namespace {

constexpr u32 kCapacity = (1u << kStackIdBits) - 2;
constexpr u32 kBuckets = 1u << 18;

constinit u32* buckets = nullptr;
constinit u32 used = 1;
constinit u64 not_kept = 0;

u32 BucketOf(StackId parent, u64 pc_note) {
  u64 h = (pc_note ^ (static_cast<u64>(parent) << 40) ^ parent) * 0x9E3779B97F4A7C15ull;
  return static_cast<u32>(h >> 40) & (kBuckets - 1);
}

u32 FindFrom(u32 id, StackId parent, u64 pc_note) {
  for (; id != 0; id = stack_nodes[id].next) {
    if (stack_nodes[id].pc_note == pc_note && stack_nodes[id].parent == parent) return id;
  }
  return 0;
}

}  // namespace

void InitStackTable() {
  stack_nodes =
      static_cast<StackNode*>(MapMemory(sizeof(StackNode) << kStackIdBits, "the stack table"));
  buckets = static_cast<u32*>(MapMemory(sizeof(u32) * kBuckets, "the stack table's index"));
}

StackId Child(StackId parent, u64 pc_note) {
  u32* bucket = &buckets[BucketOf(parent, pc_note)];
  u32 head = __atomic_load_n(bucket, __ATOMIC_ACQUIRE);
  if (u32 found = FindFrom(head, parent, pc_note)) return found;
  const u32 id = __atomic_fetch_add(&used, 1, __ATOMIC_RELAXED);
  if (id >= kCapacity) {
    __atomic_store_n(&used, kCapacity, __ATOMIC_RELAXED);
    __atomic_fetch_add(&not_kept, 1, __ATOMIC_RELAXED);
    return 0;
  }
  stack_nodes[id].pc_note = pc_note;
  stack_nodes[id].parent = parent;
  do {
    stack_nodes[id].next = head;
    // Two threads may insert the same path at once: both ids mean the same, which only costs a node.
  } while (
      !__atomic_compare_exchange_n(bucket, &head, id, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE));
  return id;
}

u64 StacksNotKept() { return __atomic_load_n(&not_kept, __ATOMIC_RELAXED); }

}  // namespace csan
