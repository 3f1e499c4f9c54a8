#include "detect/lock_order/rank.h"

#include "detect/lock_order/lock_graph.h"

namespace csan::lock_order {
namespace {

constexpr u32 kNodes = 1 << 12;
constexpr u32 kEdges = 1 << 18;

constinit u32 unranked = 0;  // edges
constinit u32 search = 0;
constinit u32 steps = 0;

// Locks in the order of their visit.
struct Region {
  u32 size;
  LockId lock[kNodes];
};
constinit Region above = {}, below = {};
constinit u32 ranks[2 * kNodes] = {};

// False if there is no room.
bool Visit(Region* region, LockId lock) {
  LockNode& node = LockAt(lock);
  if (node.ranked_by == search) return true;
  if (region->size == kNodes) return false;
  node.ranked_by = search;
  region->lock[region->size++] = lock;
  return true;
}

// All that edges connect with `from`, upwards or downwards, as far as the rank of `to`. False if `to` is
// among it, or if it is too much.
template <bool kUp>
bool Look(Region* region, LockId from, LockId to) {
  const u32 bound = LockAt(to).rank;
  region->size = 0;
  Visit(region, from);
  for (u32 i = 0; i < region->size; i++) {
    const LockNode& node = LockAt(region->lock[i]);
    for (u32 e = kUp ? node.out : node.in; e != 0;) {
      const Edge& edge = EdgeAt(e);
      e = kUp ? edge.next_out : edge.next_in;
      if (++steps > kEdges) return false;
      const LockId next = kUp ? edge.to : edge.from;
      const u32 rank = LockAt(next).rank;
      if (!edge.ranked || (kUp ? rank > bound : rank < bound)) continue;
      if (next == to || !Visit(region, next)) return false;
    }
  }
  return true;
}

// Shell's sort, for a few thousand numbers at the most.
template <typename T, typename Key>
void Sort(T* items, u32 count, Key key) {
  for (u32 gap = count / 2; gap > 0; gap /= 2) {
    for (u32 i = gap; i < count; i++) {
      const T item = items[i];
      u32 at = i;
      for (; at >= gap && key(item) < key(items[at - gap]); at -= gap) items[at] = items[at - gap];
      items[at] = item;
    }
  }
}

// The ranks of both regions, shared out anew: first to those below, each region in its own order.
void Reorder() {
  const auto rank_of = [](LockId lock) { return LockAt(lock).rank; };
  Sort(below.lock, below.size, rank_of);
  Sort(above.lock, above.size, rank_of);
  u32 count = 0;
  for (u32 i = 0; i < below.size; i++) ranks[count++] = rank_of(below.lock[i]);
  for (u32 i = 0; i < above.size; i++) ranks[count++] = rank_of(above.lock[i]);
  Sort(ranks, count, [](u32 rank) { return rank; });
  count = 0;
  for (u32 i = 0; i < below.size; i++) LockAt(below.lock[i]).rank = ranks[count++];
  for (u32 i = 0; i < above.size; i++) LockAt(above.lock[i]).rank = ranks[count++];
}

}  // namespace

bool FitRanks(u32 edge_id) {
  Edge& edge = EdgeAt(edge_id);
  if (LockAt(edge.from).rank > LockAt(edge.to).rank) {
    search++;
    steps = 0;
    if (!Look<true>(&above, edge.to, edge.from) || !Look<false>(&below, edge.from, edge.to)) {
      unranked++;
      return false;
    }
    Reorder();
  }
  edge.ranked = true;
  return unranked == 0;
}

}  // namespace csan::lock_order
