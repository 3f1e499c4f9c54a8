// Which lock has been asked for while which others were held.
//
//   Want     a set of held locks and the lock asked for, whoever does it: SPDOffline's abstract acquire
//   Request  an actor that has had a want
//   Edge     from a held lock to one asked for; lists the wants that it comes from
//
// There are no caps but the pools': four million locks, wants and requests. Of the actors with one want the
// last kActorsKept are kept (an inversion among more needs as many threads that wait at the same place).
// Who calls holds the detector's lock.
#pragma once

#include "base/types.h"
#include "detect/lock_order/held_set.h"
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
  u32 next;      // in the bucket
  u32 next_out;  // of `from`
  u32 next_in;   // of `to`
  u32 wants;     // first WantOfEdge
  bool ranked;   // leads from a lower rank to a higher one
};

struct WantOfEdge {
  u32 want;
  u32 next;
};

struct Want {
  HeldSetId held;
  LockId lock;
  LockMode mode;
  bool told;  // on a cycle that has been reported
  u32 next;   // in the bucket
  u32 requests;
  u32 request_count;
};

struct Request {
  u32 want;
  u32 actor;
  u32 next;        // of the want
  u32 serial;      // counts the actors that it has stood for
  StackId asked;   // where the actor did it first
  u32 place;       // where it stood the last time
  u32 candidates;  // cycles that it is part of and that have no witness
};

LockId NewLock(uptr addr);
LockNode& LockAt(LockId lock);
Want& WantAt(u32 want);
Request& RequestAt(u32 request);
bool HasEdge(LockId from, LockId to);
Edge& EdgeAt(u32 edge);
const WantOfEdge& WantOfEdgeAt(u32 i);

struct Added {
  u32 request;     // 0: no room
  bool new_actor;  // the request was not there
  bool new_cycle;  // perhaps: by edges that are new
};
// O(1) if the want is known, else a probe for each held lock.
Added AddRequest(u32 actor, HeldSetId held, LockId lock, LockMode mode);

u32 LocksKnown();
u32 RequestsKnown();
u64 RequestsRefused();

}  // namespace csan::lock_order
