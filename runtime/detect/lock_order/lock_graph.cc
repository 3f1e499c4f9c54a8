#include "detect/lock_order/lock_graph.h"

#include "detect/lock_order/buckets.h"
#include "detect/lock_order/pool.h"
#include "detect/lock_order/rank.h"

namespace csan::lock_order {
namespace {

struct WantOfEdge {
  u32 want;  // a request of it
  u32 next;
};

constinit Pool<LockNode, 1 << 22> locks;
constinit Pool<Edge, 1 << 23> edges;
constinit Pool<WantOfEdge, 1 << 24> wants_of_edges;
constinit Pool<Request, 1 << 22> requests;

struct EdgeChain {
  static u32& NextOf(u32 edge) { return edges[edge].next; }
  static u64 Hash(u32 edge) { return HashOf(edges[edge].from, edges[edge].to); }
};
constinit Buckets<EdgeChain, 1 << 22> edge_buckets;

struct RequestChain {
  static u32& NextOf(u32 request) { return requests[request].next; }
  static u64 Hash(u32 request) {
    return HashOf(requests[request].held, requests[request].lock_mode);
  }
};
constinit Buckets<RequestChain, 1 << 22> request_buckets;

u32 FindEdge(LockId from, LockId to) {
  u32 i = edge_buckets.First(HashOf(from, to));
  while (i != 0 && (edges[i].from != from || edges[i].to != to)) i = edges[i].next;
  return i;
}

u32 EdgeFor(LockId from, LockId to, bool* new_cycle) {
  const u32 known = FindEdge(from, to);
  if (known != 0) return known;
  const u32 id = edges.Take();
  if (id == 0) return 0;
  edges[id] = {from, to, 0, locks[from].out, locks[to].in, 0, false, false};
  locks[from].out = locks[to].in = id;
  edge_buckets.Insert(id);
  if (!FitRanks(id)) *new_cycle = true;
  return id;
}

// A list for the want that the edge has alone.
void MakeSeveral(Edge* edge) {
  const u32 link = wants_of_edges.Take();
  if (link == 0) return;
  wants_of_edges[link] = {edge->wants, 0};
  edge->wants = link;
  edge->several = true;
}

void AddWant(Edge* edge, u32 want) {
  if (edge->wants == 0) {
    edge->wants = want;
    return;
  }
  if (!edge->several) MakeSeveral(edge);
  const u32 link = edge->several ? wants_of_edges.Take() : 0;
  if (link == 0) return;
  wants_of_edges[link] = {want, edge->wants};
  edge->wants = link;
}

u32 FirstWanting(u32 request, HeldSetId held, u32 lock_mode) {
  while (request != 0 && !requests[request].Wants(held, lock_mode)) {
    request = __atomic_load_n(&requests[request].next, __ATOMIC_ACQUIRE);
  }
  return request;
}

u32 FirstOfWant(HeldSetId held, u32 lock_mode) {
  return FirstWanting(request_buckets.First(HashOf(held, lock_mode)), held, lock_mode);
}

u32 RequestBy(u32 actor, HeldSetId held, u32 lock_mode) {
  u32 i = FirstOfWant(held, lock_mode);
  while (i != 0 && __atomic_load_n(&requests[i].actor, __ATOMIC_RELAXED) != actor)
    i = NextOfWant(i);
  return i;
}

void Unchain(u32 request) {
  u32* link = request_buckets.Link(RequestChain::Hash(request));
  while (*link != request) link = &requests[*link].next;
  __atomic_store_n(link, requests[request].next, __ATOMIC_RELEASE);
}

// Takes the want's request that was made longest ago from its actor. 0 if nobody lets go of a place.
u32 TakeOldest(u32 first, u32 actor) {
  u32 oldest[kActorsKept] = {};
  u32 count = 0;
  for (u32 i = first; i != 0 && count < kActorsKept; i = NextOfWant(i)) oldest[count++] = i;
  while (count-- > 0) {
    Request& request = requests[oldest[count]];
    if (!request.place.lock.TryLock()) continue;
    __atomic_store_n(&request.actor, actor, __ATOMIC_RELAXED);
    request.candidates = 0;
    request.place.word = 0;
    request.place.lock.Unlock();
    Unchain(oldest[count]);
    request_buckets.ToFront(oldest[count]);
    return oldest[count];
  }
  return 0;
}

// `first` is the last one made of the want; 0: there is none.
u32 NewRequest(u32 actor, HeldSetId held, u32 lock_mode, u32 first) {
  u32 count = 0;
  for (u32 i = first; i != 0; i = NextOfWant(i)) count++;
  if (count == kActorsKept) return TakeOldest(first, actor);
  const u32 id = requests.Take();
  if (id == 0) return 0;
  Request& request = requests[id];
  request.held = held;
  request.told = first != 0 && requests[first].told;
  request.lock_mode = lock_mode;
  request.actor = actor;
  request_buckets.Insert(id);
  return id;
}

}  // namespace

LockId NewLock(uptr addr) {
  const LockId id = locks.Take();
  if (id != 0) locks[id].addr = addr, locks[id].rank = id;
  return id;
}

LockNode& LockAt(LockId lock) { return locks[lock]; }
Request& RequestAt(u32 request) { return requests[request]; }
bool HasEdge(LockId from, LockId to) { return FindEdge(from, to) != 0; }
Edge& EdgeAt(u32 edge) { return edges[edge]; }

u32 FirstOfWant(const Request& request) { return FirstOfWant(request.held, request.lock_mode); }
u32 NextOfWant(u32 request) {
  const Request& r = requests[request];
  return FirstWanting(__atomic_load_n(&r.next, __ATOMIC_ACQUIRE), r.held, r.lock_mode);
}

u32 WantsOfEdge::Next() {
  const u32 now = wants_;
  if (now == 0 || several_) {
    wants_ = now == 0 ? 0 : wants_of_edges[now].next;
    return now == 0 ? 0 : wants_of_edges[now].want;
  }
  wants_ = 0;
  return now;
}

u32 FindRequest(u32 actor, HeldSetId held, LockId lock, LockMode mode) {
  return RequestBy(actor, held, LockAndMode(lock, mode));
}

Added AddRequest(u32 actor, HeldSetId held, LockId lock, LockMode mode) {
  const u32 lock_mode = LockAndMode(lock, mode);
  Added added = {RequestBy(actor, held, lock_mode), false, false};
  if (added.request != 0) return added;
  const u32 first = FirstOfWant(held, lock_mode);
  added.request = NewRequest(actor, held, lock_mode, first);
  if (added.request == 0) return added;
  added.new_actor = true;
  for (HeldSetId set = first == 0 ? held : 0; set != 0; set = SetAt(set).parent) {
    const u32 edge = EdgeFor(SetAt(set).lock(), lock, &added.new_cycle);
    if (edge != 0) AddWant(&edges[edge], added.request);
  }
  return added;
}

u32 RequestsKnown() { return requests.used(); }
u64 RequestsRefused() {
  return locks.refused() + edges.refused() + wants_of_edges.refused() + requests.refused();
}

}  // namespace csan::lock_order
