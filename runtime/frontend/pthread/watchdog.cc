// A thread of the C library's, so that what reports call finds thread-local variables; but no actor: what it
// does is not the program's doing. Looks for hangs, and sweeps the shadow when windows wait to move, so it is
// there whatever is looked for. Takes no signals. Costs a wake-up each 50 ms, and where there are so many
// actors that a look takes longer than 5 ms, a tenth of a processor.
#include "frontend/pthread/watchdog.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#include "actor/actor.h"
#include "actor/scope.h"
#include "actor/thread.h"
#include "actor/waiting.h"
#include "config/flags.h"
#include "detect/deadlock/deadlock.h"
#include "detect/leak/goroutine_leak.h"
#include "detect/livelock/livelock.h"
#include "detect/race/window_sweep.h"
#include "frontend/real.h"
#include "init/init.h"
#include "platform/platform.h"
#include "sync/attempts.h"

CSAN_REAL_VERSION(pthread_create, nullptr)
CSAN_REAL(pthread_join)

namespace csan {
namespace {

constinit pthread_t watchdog = 0;
constinit u32 started = 0;
constinit u32 stop = 0;
constexpr uptr kStack = 256 << 10;
constinit void* stack = nullptr;

// What the program has printed is not lost, unless a thread that hangs holds the stream.
void FlushOutput() {
  FILE* const streams[] = {stdout, stderr};
  for (FILE* stream : streams) {
    if (ftrylockfile(stream) != 0) continue;
    fflush(stream);
    funlockfile(stream);
  }
}

// Sets the pause after a look, by what the look takes of a processor.
class Pause {
 public:
  explicit Pause(u32* ms) : ms_(ms), begin_us_(ThreadUs()) {}
  ~Pause() {
    const auto tenfold = static_cast<u32>((ThreadUs() - begin_us_) / 100);
    *ms_ = tenfold > deadlock::kPeriodMs ? tenfold : deadlock::kPeriodMs;
  }
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;

 private:
  u32* ms_;
  u64 begin_us_;
};

void* Watch(void*) {
  UseOrphanStack();
  RuntimeScope scope;
  const u32 leak_check_ms = static_cast<u32>(flags().leak_check_s) * 1000;
  u32 checked_ms = NowMs();
  for (u32 pause_ms = deadlock::kPeriodMs; !WaitAt(&stop, 0, pause_ms);) {
    if (leak_check_ms != 0 && NowMs() - checked_ms >= leak_check_ms) {
      CheckLeaks(true, true);
      checked_ms = NowMs();
    }
    race::MoveWindows();
    const Pause pause(&pause_ms);
    const bool hangs = flags().detect_deadlocks && deadlock::Look();
    if ((!livelock::Look() && !hangs) || !flags().exit_on_deadlock) continue;
    FlushOutput();
    constexpr int kHung = 66;  // there is no exit code of the program's own to keep
    ExitNow(ExitCode(kHung));
  }
  return nullptr;
}

}  // namespace

void StartWatchdog() {
  if (__atomic_exchange_n(&started, 1u, __ATOMIC_ACQ_REL) != 0) return;
  RuntimeScope scope;
  sigset_t all;
  sigset_t had;
  sigfillset(&all);
  // The C library keeps the two that setuid and cancellation need.
  pthread_sigmask(SIG_SETMASK, &all, &had);
  pthread_attr_t attr;
  pthread_attr_init(&attr);
  // Ours, so that a search for the program's pointers leaves it out.
  if (stack == nullptr) stack = MapMemory(kStack, "the watchdog's stack");
  pthread_attr_setstack(&attr, stack, kStack);
  if (real_pthread_create()(&watchdog, &attr, Watch, nullptr) != 0) {
    // Perhaps there is room for a thread the next time.
    watchdog = 0;
    __atomic_store_n(&on_first_wait, StartWatchdog, __ATOMIC_RELEASE);
    __atomic_store_n(&started, 0u, __ATOMIC_RELEASE);
  }
  pthread_attr_destroy(&attr);
  pthread_sigmask(SIG_SETMASK, &had, nullptr);
}

void StopWatchdog() {
  if (watchdog == 0) return;
  __atomic_store_n(&stop, 1u, __ATOMIC_RELEASE);
  WakeAt(&stop);
  real_pthread_join()(watchdog, nullptr);
  watchdog = 0;
}

void ForgetWatchdog() {
  watchdog = 0;
  stack = nullptr;  // its memory may be in use yet, by the C library's list of threads
  started = 0;
  on_first_wait = StartWatchdog;
  deadlock::Forget();
}

}  // namespace csan
