#include "detect/lock_order/cycle.h"

#include "detect/lock_order/held_set.h"
#include "detect/lock_order/lock_graph.h"

namespace csan::lock_order {
namespace {

// Edges that may be looked at on ways back: so many at once, and more with each search. In a dense graph that
// has cycles a new edge stays cheap, and longer cycles may be missed.
constexpr u32 kEdgesAtFirst = 1 << 20;
constexpr u32 kEdgesEach = 1 << 6;

constinit u32 search = 0;
constinit u32 edges_left = kEdgesAtFirst;
constinit u64 cut_short = 0;
constinit LockId queue[kSteps] = {};

// Tells each lock how many requests lead at least from it to one that `held` has. True if `from` is among
// those told, that is, can come back.
bool MeasureWayBack(HeldSetId held, LockId from) {
  search++;
  u32 end = 0;
  for (HeldSetId s = held; s != 0 && end + 1 < kSteps; s = SetAt(s).parent) {
    LockNode& lock = LockAt(SetAt(s).lock());
    if (lock.looked == search) continue;
    lock.looked = search;
    lock.left = 0;
    queue[end++] = SetAt(s).lock();
  }
  // The shortest way, however many others there are.
  for (u32 i = 0; i < end; i++) {
    if (LockAt(from).looked == search || !HasEdge(from, queue[i])) continue;
    LockAt(from).looked = search;
    LockAt(from).left = 1;
    queue[end++] = from;
    break;
  }
  edges_left += kEdgesEach;
  for (u32 i = 0; i < end && edges_left != 0; i++) {
    const u32 left = LockAt(queue[i]).left + 1;
    if (left >= kLongest) break;
    for (u32 e = LockAt(queue[i]).in; e != 0; e = EdgeAt(e).next_in) {
      if (--edges_left == 0 || end == kSteps) {
        cut_short++;
        break;
      }
      LockNode& lock = LockAt(EdgeAt(e).from);
      if (lock.looked == search) continue;
      lock.looked = search;
      lock.left = left;
      queue[end++] = EdgeAt(e).from;
    }
  }
  if (LockAt(from).looked != search) return false;
  for (u32 i = 0; i < end; i++) LockAt(queue[i]).on_cycle = true;
  return true;
}

struct Search {
  Cycle cycle;
  u32 size;  // wanted
  u32 steps;
  bool stop;
  bool (*visit)(const Cycle&, void*);
  void* context;
};

// Whether the want can be the next of the path, whoever has it.
bool Fits(const Search& s, const Request& want) {
  for (u32 i = 0; i < s.cycle.size; i++) {
    const Request& other = RequestAt(s.cycle.request[i]);
    if (other.lock() == want.lock() || ShutEachOtherOut(other.held, want.held)) return false;
  }
  const Request& last = RequestAt(s.cycle.request[s.cycle.size - 1]);
  return KeepsOut(want.held, last.lock(), last.mode());
}

bool HasActor(const Cycle& cycle, u32 actor) {
  for (u32 i = 0; i < cycle.size; i++) {
    if (RequestAt(cycle.request[i]).actor == actor) return true;
  }
  return false;
}

void Extend(Search* s);

void TryRequestsOf(Search* s, const Request& want) {
  for (u32 r = FirstOfWant(want); r != 0 && !s->stop; r = RequestAt(r).next) {
    const u32 actor = RequestAt(r).actor;
    if (actor == kActorGone || HasActor(s->cycle, actor)) continue;
    s->cycle.request[s->cycle.size++] = r;
    Extend(s);
    s->cycle.size--;
  }
}

void Extend(Search* s) {
  if (++s->steps > kSteps) {
    if (!s->stop) cut_short++;
    s->stop = true;
    return;
  }
  const Request& last = RequestAt(s->cycle.request[s->cycle.size - 1]);
  if (s->cycle.size == s->size) {
    if (KeepsOut(RequestAt(s->cycle.request[0]).held, last.lock(), last.mode()) &&
        !s->visit(s->cycle, s->context)) {
      s->stop = true;
    }
    return;
  }
  const u32 left = s->size - s->cycle.size;
  for (u32 e = LockAt(last.lock()).out; e != 0 && !s->stop; e = EdgeAt(e).next_out) {
    const LockNode& to = LockAt(EdgeAt(e).to);
    if (to.looked != search || to.left + 1 > left) continue;
    WantsOfEdge wants(EdgeAt(e));
    for (u32 w = wants.Next(); w != 0 && !s->stop; w = wants.Next()) {
      if (++s->steps > kSteps) break;
      if (Fits(*s, RequestAt(w))) TryRequestsOf(s, RequestAt(w));
    }
  }
}

}  // namespace

bool MayCloseCycle(u32 request, bool new_cycle) {
  const LockNode& lock = LockAt(RequestAt(request).lock());
  return lock.out != 0 && (new_cycle || lock.on_cycle);
}

void ForEachCycle(u32 request, bool (*visit)(const Cycle&, void*), void* context) {
  const Request& want = RequestAt(request);
  if (!MeasureWayBack(want.held, want.lock())) return;
  Search s = {};
  s.visit = visit;
  s.context = context;
  s.cycle.size = 1;
  s.cycle.request[0] = request;
  for (s.size = LockAt(want.lock()).left + 1; s.size <= kLongest && !s.stop; s.size++) Extend(&s);
}

u64 SearchesCutShort() { return cut_short; }

}  // namespace csan::lock_order
