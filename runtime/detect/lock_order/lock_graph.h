// Which lock has been asked for while which others were held.
//
//   Want     a set of held locks and the lock asked for, whoever does it: SPDOffline's abstract acquire
//   Request  an actor that has had a want; those of one want are in one list, the last one first
//   Edge     from a held lock to one asked for; lists the wants that it comes from
//
// There are no caps but the pools': four million locks, wants and requests. Of the actors with one want the
// last kActorsKept are kept (an inversion among more needs as many threads that wait at the same place).
// Memory: 20 bytes an edge, 64 a request, and their indices. Who calls holds the detector's lock, but for
// FindRequest.
#pragma once

#include "base/types.h"
#include "detect/lock_order/held_set.h"
#include "detect/lock_order/place.h"
#include "trace/stack_table.h"

namespace csan::lock_order {

constexpr u32 kActorsKept = 16;
constexpr u32 kActorGone = ~0u;  // the actor of requests that nobody makes any more

struct LockNode {
  uptr addr;
  u32 out, in;    // first edge from and to it
  u32 rank;       // rank.h
  u32 ranked_by;  // the last search of that which came here
  u32 looked;     // the last search that came here
  u32 left;       // by that search: steps from here to its goal
  bool on_cycle;  // perhaps: edges have led from it back to it, whatever the actors
};

struct Edge {
  LockId from, to;
  u32 next_out;  // of `from`
  u32 next_in;   // of `to`
  u32 wants : 30;
  u32 several : 1;  // `wants` is the first WantOfEdge, not the only want
  u32 ranked : 1;   // leads from a lower rank to a higher one
};
static_assert(sizeof(Edge) == 20);

// One line of the cache.
struct alignas(64) Request {
  HeldSetId held : kSetIdBits;
  u32 told : 1;  // the want is on a cycle that has been reported
  u32 lock_mode;
  u32 actor;
  u32 next;        // of the want
  StackId asked;   // where the actor did it first
  u32 candidates;  // cycles that it is part of and that have no witness
  StoredPlace place;

  LockId lock() const { return LockOf(lock_mode); }
  LockMode mode() const { return ModeOf(lock_mode); }
  bool Wants(HeldSetId set, u32 asked_for) const { return held == set && lock_mode == asked_for; }
};
static_assert(sizeof(Request) == 64);

LockId NewLock(uptr addr);
LockNode& LockAt(LockId lock);
Request& RequestAt(u32 request);
u32 RequestsEver();  // from 1 to this
bool HasEdge(LockId from, LockId to);
Edge& EdgeAt(u32 edge);

// The last request of a want, told by one of them; the others follow by `next`.
u32 FirstOfWant(const Request& request);

// The wants of an edge, each told by a request of it.
class WantsOfEdge {
 public:
  explicit WantsOfEdge(const Edge& edge) : wants_(edge.wants), several_(edge.several) {}
  u32 Next();  // 0: no more

 private:
  u32 wants_;
  bool several_;
};

// The hash of it, for FindRequest some instructions later: where that looks is on its way into the cache.
u32 ExpectRequest(u32 actor, HeldSetId held, LockId lock, LockMode mode);
// 0 if it is not there. Without the lock it may say so in error.
u32 FindRequest(u32 hash, u32 actor, HeldSetId held, LockId lock, LockMode mode);

struct Added {
  u32 request;     // 0: no room
  bool new_actor;  // the request was not there
  bool new_cycle;  // perhaps: by edges that are new
};
// O(1) if the want is known, else a probe for each held lock.
Added AddRequest(u32 actor, HeldSetId held, LockId lock, LockMode mode);

// In a forked child, which has that actor alone.
void ForgetRequestsBut(u32 actor);

u64 RequestsRefused();

}  // namespace csan::lock_order
