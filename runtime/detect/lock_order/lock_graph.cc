#include "detect/lock_order/lock_graph.h"

#include "detect/lock_order/pool.h"
#include "detect/lock_order/rank.h"

namespace csan::lock_order {
namespace {

constexpr u32 kBuckets = 1 << 20;

constinit Pool<LockNode, 1 << 22> locks;
constinit Pool<Edge, 1 << 23> edges;
constinit Pool<WantOfEdge, 1 << 24> wants_of_edges;
constinit Pool<Want, 1 << 22> wants;
constinit Pool<Request, 1 << 22> requests;
constinit Pool<u32, kBuckets + 1> edge_buckets;
constinit Pool<u32, kBuckets + 1> want_buckets;

u32 Bucket(u32 a, u32 b) {
  return 1 + static_cast<u32>((static_cast<u64>(a) << 32 | b) * 0x9E3779B97F4A7C15ull >> 44);
}

u32 EdgeFor(LockId from, LockId to, bool* new_cycle) {
  u32* const bucket = &edge_buckets[Bucket(from, to)];
  for (u32 i = *bucket; i != 0; i = edges[i].next) {
    if (edges[i].from == from && edges[i].to == to) return i;
  }
  const u32 id = edges.Take();
  if (id == 0) return 0;
  edges[id] = {from, to, *bucket, locks[from].out, locks[to].in, 0, false};
  *bucket = locks[from].out = locks[to].in = id;
  if (!FitRanks(id)) *new_cycle = true;
  return id;
}

u32 WantFor(HeldSetId held, LockId lock, LockMode mode, bool* new_cycle) {
  u32* const bucket = &want_buckets[Bucket(held, lock)];
  for (u32 i = *bucket; i != 0; i = wants[i].next) {
    if (wants[i].held == held && wants[i].lock == lock && wants[i].mode == mode) return i;
  }
  const u32 id = wants.Take();
  if (id == 0) return 0;
  wants[id] = {held, lock, mode, false, *bucket, 0, 0};
  *bucket = id;
  for (HeldSetId set = held; set != 0; set = SetAt(set).parent) {
    const u32 edge = EdgeFor(SetAt(set).lock(), lock, new_cycle);
    const u32 link = edge == 0 ? 0 : wants_of_edges.Take();
    if (link == 0) continue;
    wants_of_edges[link] = {id, edges[edge].wants};
    edges[edge].wants = link;
  }
  return id;
}

// The request that was made longest ago, moved to the front of its want's list.
u32 OldestToFront(Want& want) {
  u32* link = &want.requests;
  while (requests[*link].next != 0) link = &requests[*link].next;
  const u32 oldest = *link;
  *link = 0;
  requests[oldest].next = want.requests;
  want.requests = oldest;
  return oldest;
}

u32 NewRequest(u32 want_id, u32 actor) {
  Want& want = wants[want_id];
  u32 id;
  if (want.request_count == kActorsKept) {
    id = OldestToFront(want);
    requests[id].serial++;
    requests[id].candidates = 0;
  } else {
    id = requests.Take();
    if (id == 0) return 0;
    requests[id].want = want_id;
    requests[id].next = want.requests;
    want.requests = id;
    want.request_count++;
  }
  requests[id].actor = actor;
  return id;
}

}  // namespace

LockId NewLock(uptr addr) {
  const LockId id = locks.Take();
  if (id != 0) locks[id].addr = addr, locks[id].rank = id;
  return id;
}

LockNode& LockAt(LockId lock) { return locks[lock]; }
Want& WantAt(u32 want) { return wants[want]; }
Request& RequestAt(u32 request) { return requests[request]; }
bool HasEdge(LockId from, LockId to) {
  for (u32 i = edge_buckets[Bucket(from, to)]; i != 0; i = edges[i].next) {
    if (edges[i].from == from && edges[i].to == to) return true;
  }
  return false;
}
Edge& EdgeAt(u32 edge) { return edges[edge]; }
const WantOfEdge& WantOfEdgeAt(u32 i) { return wants_of_edges[i]; }

Added AddRequest(u32 actor, HeldSetId held, LockId lock, LockMode mode) {
  if (edge_buckets.used() == 0) {
    edge_buckets.Take(kBuckets);
    want_buckets.Take(kBuckets);
  }
  Added added = {};
  const u32 want = WantFor(held, lock, mode, &added.new_cycle);
  if (want == 0) return added;
  for (u32 i = wants[want].requests; i != 0; i = requests[i].next) {
    if (requests[i].actor == actor) {
      added.request = i;
      return added;
    }
  }
  added.request = NewRequest(want, actor);
  added.new_actor = true;
  return added;
}

u32 LocksKnown() { return locks.used(); }
u32 RequestsKnown() { return requests.used(); }
u64 RequestsRefused() {
  return locks.refused() + edges.refused() + wants_of_edges.refused() + wants.refused() +
         requests.refused();
}

}  // namespace csan::lock_order
