#include "sync/outside.h"

#include "sync/events.h"
#include "sync/table.h"

namespace csan {
namespace {

struct Outside {
  uptr addr;
  Outside* next;
  u64 inside;                           // calls that take and have not ended
  u64 places;                           // 1 + the capacity; 0 if it is unknown
  u64 begun, put, taken;                // sends not given up, done ones; receives
  u64 clock, back_clock, closed_clock;  // their addresses name the clocks
};
constinit AddressTable<Outside> objects = {};

uptr Addr(const u64& clock) { return reinterpret_cast<uptr>(&clock); }

template <typename Action>
void With(uptr object, Action action) {
  objects.With(object, true, action);
}

// Of a call that took; one that began before anybody listened was not counted.
void Leave(Outside* o) {
  if (o->inside != 0) o->inside--;
}

void Reset(Outside* o) {
  if (o->inside == 0) OnSyncObjectReset(Addr(o->clock), 3 * sizeof(u64));
  o->places = 0;
  o->begun = o->put = o->taken = 0;
}

}  // namespace

void LeaveAt(uptr object) {
  With(object, [](Outside* o) { Release(Addr(o->clock)); });
}

void BeginTake(uptr object) {
  With(object, [](Outside* o) { o->inside++; });
}

void EndTake(uptr object, bool happened) {
  With(object, [=](Outside* o) {
    Leave(o);
    if (happened) Acquire(Addr(o->clock));
  });
}

void ForgetOutside(uptr object) { objects.With(object, false, Reset); }

void MakeOutside(uptr channel, u64 capacity) {
  With(channel, [=](Outside* o) {
    Reset(o);
    o->places = capacity + 1;  // 0 of kUnknownCapacity
  });
}

void BeginSend(uptr channel) {
  With(channel, [](Outside* o) {
    o->inside++;
    o->begun++;
    Release(Addr(o->clock));
  });
}

void EndSend(uptr channel, bool happened) {
  With(channel, [=](Outside* o) {
    Leave(o);
    if (!happened) {
      if (o->begun != 0) o->begun--;
      return;
    }
    o->put++;
    if (o->begun >= o->places) Acquire(Addr(o->back_clock));
  });
}

void BeginReceive(uptr channel) {
  With(channel, [](Outside* o) {
    o->inside++;
    Release(Addr(o->back_clock));
  });
}

void EndReceive(uptr channel, bool happened) {
  With(channel, [=](Outside* o) {
    Leave(o);
    if (!happened) return;
    o->taken++;
    Acquire(Addr(o->clock));
  });
}

void CloseOutside(uptr channel) {
  With(channel, [](Outside* o) { Release(Addr(o->closed_clock)); });
}

void FoundClosedOutside(uptr channel) {
  With(channel, [](Outside* o) { Acquire(Addr(o->closed_clock)); });
}

u64 LeftOutside(uptr channel) {
  u64 left = 0;
  objects.With(channel, false, [&](Outside* o) {
    if (o->inside == 0 && o->put > o->taken) left = o->put - o->taken;
  });
  return left;
}

}  // namespace csan
