// Clocks, timers, and waits.
#include "platform/platform.h"

#include <linux/futex.h>
#include <signal.h>
#include <time.h>

#include "platform/linux/syscall.h"

namespace csan {
namespace {

timespec FromMs(u32 ms) {
  return {static_cast<time_t>(ms / 1000), static_cast<long>(ms % 1000) * 1000000};
}

u64 MicrosecondsOf(clockid_t clock) {
  timespec now = {};
  Syscall(__NR_clock_gettime, static_cast<uptr>(clock), Arg(&now));
  return static_cast<u64>(now.tv_sec) * 1000000 + static_cast<u64>(now.tv_nsec) / 1000;
}

}  // namespace

u32 NowMs() { return static_cast<u32>(NowUs() / 1000); }
u64 NowUs() { return MicrosecondsOf(CLOCK_MONOTONIC); }
u64 ThreadUs() { return MicrosecondsOf(CLOCK_THREAD_CPUTIME_ID); }

void Yield() { Syscall(__NR_sched_yield); }
void SleepMs(u32 ms) {
  const timespec time = FromMs(ms);
  Syscall(__NR_nanosleep, Arg(&time), 0);
}

bool WaitAt(const u32* at, u32 value, u32 ms) {
  const timespec limit = FromMs(ms);
  if (__atomic_load_n(at, __ATOMIC_ACQUIRE) != value) return true;
  Syscall(__NR_futex, Arg(at), FUTEX_WAIT_PRIVATE, value, Arg(&limit));
  return __atomic_load_n(at, __ATOMIC_ACQUIRE) != value;
}

void WakeAt(const u32* at) { Syscall(__NR_futex, Arg(at), FUTEX_WAKE_PRIVATE, 1); }

bool MakeTimer(int signal, uptr value, u64 thread, int* timer) {
  struct {
    uptr value;
    int signal;
    int how;
    int thread;
    int unused[11];
  } event = {
      value, signal, thread != 0 ? SIGEV_THREAD_ID : SIGEV_SIGNAL, static_cast<int>(thread), {}};
  static_assert(sizeof(event) == 64);
  return Syscall(__NR_timer_create, CLOCK_MONOTONIC, Arg(&event), Arg(timer)) == 0;
}

bool ArmTimer(int timer, u32 us) {
  const itimerspec once = {{0, 0}, {us / 1000000, static_cast<long>(us % 1000000) * 1000}};
  return Syscall(__NR_timer_settime, static_cast<uptr>(timer), 0, Arg(&once), 0) == 0;
}

bool IsArmed(int timer) {
  itimerspec now = {};
  Syscall(__NR_timer_gettime, static_cast<uptr>(timer), Arg(&now));
  return now.it_value.tv_sec != 0 || now.it_value.tv_nsec != 0;
}

void DeleteTimer(int timer) { Syscall(__NR_timer_delete, static_cast<uptr>(timer)); }

}  // namespace csan
