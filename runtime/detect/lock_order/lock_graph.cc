#include "detect/lock_order/lock_graph.h"

#include "detect/lock_order/index.h"
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

struct EdgeKey {
  static u32 Hash(u32 edge) { return HashOf(edges[edge].from, edges[edge].to); }
};
constinit Index<EdgeKey, 1 << 23> edges_by_locks;

// The last request made of each want.
struct WantKey {
  static u32 Hash(u32 request) {
    return HashOf(requests[request].held, requests[request].lock_mode);
  }
};
constinit Index<WantKey, 1 << 22> requests_by_want;

// All of those whose actors are known.
constexpr u32 HashOfRequest(u32 hash_of_want, u32 actor) { return HashOf(hash_of_want, actor); }
struct RequestKey {
  static u32 Hash(u32 request) {
    return HashOfRequest(WantKey::Hash(request), requests[request].actor);
  }
};
constinit Index<RequestKey, 1 << 22> requests_by_actor;

u32 FindEdge(LockId from, LockId to) {
  return edges_by_locks.Find(HashOf(from, to),
                             [&](u32 i) { return edges[i].from == from && edges[i].to == to; });
}

u32 EdgeFor(LockId from, LockId to, bool* new_cycle) {
  const u32 known = FindEdge(from, to);
  if (known != 0) return known;
  const u32 id = edges.Take();
  if (id == 0) return 0;
  edges[id] = {from, to, locks[from].out, locks[to].in, 0, false, false};
  locks[from].out = locks[to].in = id;
  edges_by_locks.Insert(id);
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

u32 FirstOfWant(HeldSetId held, u32 lock_mode) {
  return requests_by_want.Find(HashOf(held, lock_mode),
                               [&](u32 i) { return requests[i].Wants(held, lock_mode); });
}

CSAN_ALWAYS_INLINE u32 RequestBy(u32 hash, u32 actor, HeldSetId held, u32 lock_mode) {
  return requests_by_actor.Find(hash, [&](u32 i) {
    return requests[i].Wants(held, lock_mode) &&
           __atomic_load_n(&requests[i].actor, __ATOMIC_RELAXED) == actor;
  });
}

// As the last one made of its want, where `first` has been that; 0: there was none.
void PutFirst(u32 request, u32 first) {
  requests[request].next = first;
  if (first == 0) {
    requests_by_want.Insert(request);
  } else {
    requests_by_want.Replace(first, request);
  }
}

void SetActor(Request* request, u32 id, u32 actor) {
  if (request->actor != kActorGone) requests_by_actor.Remove(id);
  __atomic_store_n(&request->actor, actor, __ATOMIC_RELAXED);
  requests_by_actor.Insert(id);
}

// Of all requests of a want, the last one made first, takes the one that was made longest ago from its actor.
// 0 if nobody lets go of a place.
u32 TakeOldest(const u32 (&all)[kActorsKept], u32 actor) {
  for (u32 count = kActorsKept; count-- > 0;) {
    const u32 id = all[count];
    Request& request = requests[id];
    if (!request.place.lock.TryLock()) continue;
    SetActor(&request, id, actor);
    request.place.word &= StoredPlace::kInBlock;
    request.place.lock.Unlock();
    if (count == 0) return id;
    requests[all[count - 1]].next = request.next;
    PutFirst(id, all[0]);
    return id;
  }
  return 0;
}

// `first` is the last one made of the want; 0: there is none.
u32 NewRequest(u32 actor, HeldSetId held, u32 lock_mode, u32 first) {
  u32 all[kActorsKept];
  u32 count = 0;
  for (u32 i = first; i != 0; i = requests[i].next) all[count++] = i;
  if (count == kActorsKept) return TakeOldest(all, actor);
  const u32 id = requests.Take();
  if (id == 0) return 0;
  Request& request = requests[id];
  request.held = held;
  request.told = first != 0 && requests[first].told;
  request.lock_mode = lock_mode;
  request.actor = actor;
  requests_by_actor.Insert(id);
  PutFirst(id, first);
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
u32 RequestsEver() { return requests.used(); }
bool HasEdge(LockId from, LockId to) { return FindEdge(from, to) != 0; }
Edge& EdgeAt(u32 edge) { return edges[edge]; }

u32 FirstOfWant(const Request& request) { return FirstOfWant(request.held, request.lock_mode); }

u32 WantsOfEdge::Next() {
  const u32 now = wants_;
  if (now == 0 || several_) {
    wants_ = now == 0 ? 0 : wants_of_edges[now].next;
    return now == 0 ? 0 : wants_of_edges[now].want;
  }
  wants_ = 0;
  return now;
}

u32 ExpectRequest(u32 actor, HeldSetId held, LockId lock, LockMode mode) {
  const u32 hash = HashOfRequest(HashOf(held, LockAndMode(lock, mode)), actor);
  requests_by_actor.Prefetch(hash);
  return hash;
}

u32 FindRequest(u32 hash, u32 actor, HeldSetId held, LockId lock, LockMode mode) {
  return RequestBy(hash, actor, held, LockAndMode(lock, mode));
}

Added AddRequest(u32 actor, HeldSetId held, LockId lock, LockMode mode) {
  const u32 lock_mode = LockAndMode(lock, mode);
  const u32 hash = HashOfRequest(HashOf(held, lock_mode), actor);
  Added added = {RequestBy(hash, actor, held, lock_mode), false, false};
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

void ForgetRequestsBut(u32 actor) {
  requests_by_actor.Clear();
  for (u32 i = 1; i <= requests.used(); i++) {
    if (requests[i].actor != actor) requests[i].actor = kActorGone;
    if (requests[i].actor != kActorGone) requests_by_actor.Insert(i);
  }
}

u64 RequestsRefused() {
  return locks.refused() + edges.refused() + wants_of_edges.refused() + requests.refused();
}

}  // namespace csan::lock_order
