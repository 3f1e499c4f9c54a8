#include "sync/meeting.h"

#include "sync/events.h"
#include "sync/table.h"

namespace csan {
namespace {

struct Meeting {
  uptr addr;
  Meeting* next;
  u64 inside;
  u64 clock;  // its address names the clock
};
constinit AddressTable<Meeting> meetings = {};

uptr ClockOf(const Meeting* m) { return reinterpret_cast<uptr>(&m->clock); }

}  // namespace

void Arrive(uptr barrier) {
  meetings.With(barrier, true, [](Meeting* m) {
    m->inside++;
    Release(ClockOf(m));
  });
}

void LeaveMeeting(uptr barrier) {
  meetings.With(barrier, false, [](Meeting* m) {
    if (m->inside != 0) m->inside--;
    Acquire(ClockOf(m));
  });
}

void ForgetMeeting(uptr barrier) {
  meetings.With(barrier, false, [](Meeting* m) {
    if (m->inside == 0) OnSyncObjectReset(ClockOf(m), sizeof(m->clock));
  });
}

}  // namespace csan
