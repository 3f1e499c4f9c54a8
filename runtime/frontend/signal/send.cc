// Who causes a signal is ordered before the handler that it runs, and before whoever waits for it: the
// kernel hands it on. A signal has one clock for the whole process, and timers share another, so a
// handler also learns from senders whose signal another thread has taken: such an order may hide a race.
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "frontend/libc/caller.h"
#include "frontend/real.h"
#include "frontend/signal/handler.h"
#include "sync/events.h"

CSAN_REAL(kill)
CSAN_REAL(killpg)
CSAN_REAL(raise)
CSAN_REAL(tgkill)
CSAN_REAL(sigqueue)
CSAN_REAL(pthread_kill)
CSAN_REAL(pthread_sigqueue)
CSAN_REAL(sigwait)
CSAN_REAL(sigwaitinfo)
CSAN_REAL(sigtimedwait)
CSAN_REAL(alarm)
CSAN_REAL(ualarm)
CSAN_REAL(setitimer)
CSAN_REAL(timer_settime)

namespace {

void Taken(int signal) {
  if (signal > 0 && signal < csan::kSignals && CSAN_LISTENING()) {
    csan::Acquire(csan::SignalClock(signal));
    csan::Acquire(csan::TimerClock());
  }
}

void Arm() {
  if (CSAN_LISTENING()) csan::Release(csan::TimerClock());
}

template <typename Time>
int Replaced(const csan::Caller& caller, int result, const Time* wanted, Time* had) {
  if (result != 0) return result;
  if (wanted != nullptr) caller.Read(wanted, sizeof(*wanted));
  if (had != nullptr) caller.Write(had, sizeof(*had));
  return result;
}

}  // namespace

extern "C" {

CSAN_INTERFACE int kill(pid_t process, int signal) noexcept {
  csan::ReleaseSignal(signal);
  return real_kill()(process, signal);
}
CSAN_INTERFACE int killpg(pid_t group, int signal) noexcept {
  csan::ReleaseSignal(signal);
  return real_killpg()(group, signal);
}
CSAN_INTERFACE int raise(int signal) noexcept {
  csan::ReleaseSignal(signal);
  return real_raise()(signal);
}
CSAN_INTERFACE int tgkill(pid_t process, pid_t thread, int signal) {
  csan::ReleaseSignal(signal);
  return real_tgkill()(process, thread, signal);
}
CSAN_INTERFACE int sigqueue(pid_t process, int signal, const sigval value) noexcept {
  csan::ReleaseSignal(signal);
  return real_sigqueue()(process, signal, value);
}
CSAN_INTERFACE int pthread_kill(pthread_t thread, int signal) noexcept {
  csan::ReleaseSignal(signal);
  return real_pthread_kill()(thread, signal);
}
CSAN_INTERFACE int pthread_sigqueue(pthread_t thread, int signal, const sigval value) noexcept {
  csan::ReleaseSignal(signal);
  return real_pthread_sigqueue()(thread, signal, value);
}

CSAN_INTERFACE int sigwait(const sigset_t* set, int* signal) {
  csan::BeforeWait();
  const int result = real_sigwait()(set, signal);
  if (result != 0) return result;
  Taken(*signal);
  CSAN_CALLER().Write(signal, sizeof(*signal));
  return result;
}
CSAN_INTERFACE int sigwaitinfo(const sigset_t* set, siginfo_t* info) {
  csan::BeforeWait();
  const int signal = real_sigwaitinfo()(set, info);
  Taken(signal);
  if (signal > 0 && info != nullptr) CSAN_CALLER().Write(info, sizeof(*info));
  return signal;
}
CSAN_INTERFACE int sigtimedwait(const sigset_t* set, siginfo_t* info, const timespec* time) {
  csan::BeforeWait();
  const int signal = real_sigtimedwait()(set, info, time);
  Taken(signal);
  if (signal > 0 && info != nullptr) CSAN_CALLER().Write(info, sizeof(*info));
  return signal;
}

CSAN_INTERFACE unsigned alarm(unsigned seconds) noexcept {
  Arm();
  return real_alarm()(seconds);
}
CSAN_INTERFACE useconds_t ualarm(useconds_t value, useconds_t interval) noexcept {
  Arm();
  return real_ualarm()(value, interval);
}
CSAN_INTERFACE int setitimer(__itimer_which_t which, const itimerval* wanted,
                             itimerval* had) noexcept {
  Arm();
  return Replaced(CSAN_CALLER(), real_setitimer()(which, wanted, had), wanted, had);
}
CSAN_INTERFACE int timer_settime(timer_t timer, int flags, const itimerspec* wanted,
                                 itimerspec* had) noexcept {
  Arm();
  return Replaced(CSAN_CALLER(), real_timer_settime()(timer, flags, wanted, had), wanted, had);
}
}
