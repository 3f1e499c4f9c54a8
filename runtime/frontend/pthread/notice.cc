// Timers and message queues that call the program. Edges: making and setting the timer, or sending a
// message (signal/send.cc, fd/queue.cc) → the call. They share one clock, so a call also learns from who
// set another timer: that may hide a race.
#include "frontend/pthread/notice.h"

#include <mqueue.h>
#include <time.h>

#include "actor/actor.h"
#include "actor/thread.h"
#include "base/spin_lock.h"
#include "detect/race/memory_events.h"
#include "frontend/fd/table.h"
#include "frontend/pthread/adopt.h"
#include "frontend/real.h"
#include "frontend/signal/handler.h"
#include "memory/pool.h"
#include "sync/events.h"

CSAN_REAL(timer_create)
CSAN_REAL(mq_notify)

namespace csan {
namespace {

constexpr u32 kForEver = 0;

constinit Pool<Notice, 64> notices;
constinit SpinLock lock;

Notice* Allocate() {
  SpinGuard guard(lock);
  return notices.Take("notices");
}

void DropLocked(Notice* notice) {
  if (notice->holders == kForEver) return;
  notice->holders--;
  if (notice->holders != 0) return;
  OnSyncObjectReset(reinterpret_cast<uptr>(&notice->own_clock), sizeof(notice->own_clock));
  notices.Give(notice);
}

void Run(sigval value) {
  auto* notice = static_cast<Notice*>(value.sival_ptr);
  if (Self() == nullptr) AdoptCallingThread(notice->parent, notice->created);
  Acquire(notice->clock);
  for (u32 i = 0; i < notice->sources; i++) AcquireFd(notice->source[i]);
  auto* const function = notice->function;
  const sigval its_value = notice->value;
  DropNotice(notice);
  function(its_value);
}

template <typename Real>
int Ask(const sigevent* event, uptr pc, u32 holders, Real real) {
  if (!CallsThread(event) || !CSAN_LISTENING()) return real(const_cast<sigevent*>(event));
  // There will be a second actor.
  OnThreadCreateFailed(OnThreadCreate(pc));
  Release(TimerClock());
  Notice* notice = NewNotice(*event, pc, holders);
  notice->clock = TimerClock();
  sigevent ours = Calling(*event, notice);
  const int result = real(&ours);
  if (result != 0) {
    notice->holders = 1;
    DropNotice(notice);
  }
  return result;
}

}  // namespace

Notice* NewNotice(const sigevent& event, uptr pc, u32 holders) {
  Notice* notice = Allocate();
  const auto clock = reinterpret_cast<uptr>(&notice->own_clock);
  *notice = {event.sigev_notify_function,
             event.sigev_value,
             Self()->id,
             CurrentStack(pc),
             clock,
             holders,
             0,
             nullptr,
             {},
             0,
             nullptr};
  return notice;
}

void DropNotice(Notice* notice) {
  SpinGuard guard(lock);
  DropLocked(notice);
}

void AddSource(Notice* notice, int fd) {
  if (notice->sources < Notice::kSources) notice->source[notice->sources++] = fd;
}

sigevent Calling(const sigevent& event, Notice* notice) {
  sigevent ours = event;
  ours.sigev_notify_function = Run;
  ours.sigev_value.sival_ptr = notice;
  return ours;
}

void PutNotice(sigevent* event, Notice* notice) {
  notice->at = event;
  *event = Calling(*event, notice);
}

// A program may have copied the event, while it was ours, to where nobody counts it.
void TakeNotice(sigevent* event) {
  if (!CallsThread(event) || event->sigev_notify_function != Run) return;
  SpinGuard guard(lock);
  auto* notice = static_cast<Notice*>(event->sigev_value.sival_ptr);
  event->sigev_notify_function = notice->function;
  event->sigev_value = notice->value;
  if (notice->at == event) DropLocked(notice);
}

void ReleaseSignalOf(const sigevent* event) {
  if (event != nullptr && event->sigev_notify == SIGEV_SIGNAL) ReleaseSignal(event->sigev_signo);
}

}  // namespace csan

using namespace csan;

extern "C" {

// How often a timer will call is not known.
CSAN_INTERFACE int timer_create(clockid_t clock, sigevent* event, timer_t* timer) noexcept {
  return Ask(event, CSAN_CALLER_PC(), kForEver,
             [=](sigevent* e) { return real_timer_create()(clock, e, timer); });
}
CSAN_INTERFACE int mq_notify(mqd_t queue, const sigevent* event) noexcept {
  return Ask(event, CSAN_CALLER_PC(), 1, [=](sigevent* e) { return real_mq_notify()(queue, e); });
}
}
