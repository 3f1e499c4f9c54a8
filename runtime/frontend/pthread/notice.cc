// Threads that the C library makes to call the program: notices of timers and message queues
// (SIGEV_THREAD). It makes them by an inner name, so the callback is where they become actors; without
// that they would push calls to a shadow stack they do not have.
//
// Edges: making and setting the timer (signal/send.cc) → the callback. Each callback is a thread that
// nobody joins.
#include <mqueue.h>
#include <signal.h>
#include <time.h>

#include "actor/actor.h"
#include "actor/thread.h"
#include "detect/race/memory_events.h"
#include "frontend/pthread/adopt.h"
#include "frontend/real.h"
#include "frontend/signal/handler.h"
#include "platform/platform.h"
#include "sync/events.h"

CSAN_REAL(timer_create)
CSAN_REAL(mq_notify)

namespace csan {
namespace {

struct Notice {
  void (*function)(sigval);
  sigval value;
  u32 parent;
  StackId created;
};

void Run(sigval value) {
  const auto* notice = static_cast<Notice*>(value.sival_ptr);
  if (Self() == nullptr) AdoptCallingThread(notice->parent, notice->created);
  Acquire(TimerClock());
  notice->function(notice->value);
}

// Kept for ever: how often it will be used is not known.
Notice* Prepare(const sigevent& event, uptr pc) {
  // There will be a second actor.
  OnThreadCreateFailed(OnThreadCreate(pc));
  Release(TimerClock());
  auto* notice = static_cast<Notice*>(MapMemory(sizeof(Notice), "a notice"));
  *notice = {event.sigev_notify_function, event.sigev_value, Self()->id, CurrentStack(pc)};
  return notice;
}

template <typename Real>
int Ask(sigevent* event, uptr pc, Real real) {
  if (event == nullptr || event->sigev_notify != SIGEV_THREAD || !CSAN_LISTENING()) {
    return real(event);
  }
  sigevent ours = *event;
  ours.sigev_value.sival_ptr = Prepare(*event, pc);
  ours.sigev_notify_function = Run;
  return real(&ours);
}

}  // namespace
}  // namespace csan

extern "C" {

CSAN_INTERFACE int timer_create(clockid_t clock, sigevent* event, timer_t* timer) noexcept {
  return csan::Ask(event, CSAN_CALLER_PC(),
                   [=](sigevent* e) { return real_timer_create()(clock, e, timer); });
}
CSAN_INTERFACE int mq_notify(mqd_t queue, const sigevent* event) noexcept {
  return csan::Ask(const_cast<sigevent*>(event), CSAN_CALLER_PC(),
                   [=](sigevent* e) { return real_mq_notify()(queue, e); });
}
}
