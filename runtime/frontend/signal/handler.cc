// Signal handlers. The kernel knows one function of ours, Arrive, for all of them; it puts off what
// must wait (deferred.h) and calls the program's. Signals caused by the interrupted instruction itself
// cannot wait and do not: what faults inside the runtime was handed in by the program, and nothing is
// locked then.
//
// Edges: installing a handler → every run of it; sends → runs (send.cc). A handler runs as the actor of
// the thread that it interrupts. What it can miss: accesses of a handler that would race with those of
// the code it interrupts are program order to us.
//
// The inlined push of a shadow stack entry may have been interrupted half-way: the entry above the top
// is left alone, and the handler's calls are stacked above one that names the interrupted place. A
// handler that leaves by siglongjmp leaves that behind; sigsetjmp's caller puts the stack right.
#include "frontend/signal/handler.h"

#include <errno.h>
#include <signal.h>
#include <ucontext.h>

#include "actor/actor.h"
#include "actor/thread.h"
#include "base/spin_lock.h"
#include "detect/misuse/unsafe_call.h"
#include "frontend/real.h"
#include "frontend/signal/deferred.h"
#include "platform/platform.h"
#include "sync/events.h"

CSAN_REAL(sigaction)
CSAN_REAL(signal)

namespace csan {
namespace {

using Handler = void (*)(int, siginfo_t*, void*);

struct Installed {
  Handler handler;
  bool once;  // SA_RESETHAND, which is ours to do: a signal put off has not been handled
};
constinit Installed installed[kSignals] = {};
constinit SpinLock lock;
alignas(8) constinit u64 clocks[kSignals] = {};  // their addresses are what counts

// The kernel passes three arguments to every handler on this CPU; one field holds either kind.
sighandler_t AsSimple(Handler handler) {
  struct sigaction action;
  action.sa_sigaction = handler;
  return action.sa_handler;
}
Handler AsFull(sighandler_t handler) {
  struct sigaction action;
  action.sa_handler = handler;
  return action.sa_sigaction;
}

bool OfItsInstruction(int signal, const siginfo_t* info) {
  switch (signal) {
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGTRAP:
    case SIGSYS:
      return info->si_code > 0;
    default:
      return false;
  }
}

uptr Register(const ucontext_t* context, int which) {
  return static_cast<uptr>(context->uc_mcontext.gregs[which]);
}

void Call(Handler handler, int signal, siginfo_t* info, ucontext_t* context,
          const char* interrupted) {
  Actor* a = Self();
  const u64 top = ReadTcb64<abi::kTlsStackTop>();
  if (top == 0) UseOrphanStack();
  if (a != nullptr) {
    Acquire(SignalClock(signal));
    Acquire(TimerClock());
    const StackId below = StackTop(a);
    auto* entry = reinterpret_cast<StackEntry*>(top) + 1;
    // As return addresses do, it names the instruction before.
    entry->pc = Register(context, REG_RIP) + 1;
    entry->node = SiteFor(a, below, PackSite(entry->pc, kNoteNone, 0));
    WriteTcb64<abi::kTlsStackTop>(reinterpret_cast<u64>(entry + 1));
  }
  {
    const InHandler in(signal, interrupted, OfItsInstruction(signal, info),
                       reinterpret_cast<uptr>(handler),
                       reinterpret_cast<uptr>(__builtin_frame_address(0)));
    handler(signal, info, context);
  }
  WriteTcb64<abi::kTlsStackTop>(top);
}

// Handlers return to two instructions of the C library that end the signal. One that comes there has
// interrupted what the signal before it did: the context that is about to be restored.
uptr InterruptedPc(const ucontext_t* context, uptr restorer) {
  constexpr uptr kRestorerSize = 9;
  while (Register(context, REG_RIP) - restorer < kRestorerSize) {
    context = reinterpret_cast<const ucontext_t*>(Register(context, REG_RSP));
  }
  return Register(context, REG_RIP);
}

void Arrive(int signal, siginfo_t* info, void* context) {
  auto* interrupted = static_cast<ucontext_t*>(context);
  if (InterruptsRuntime(InterruptedPc(interrupted, CSAN_CALLER_PC())) &&
      !OfItsInstruction(signal, info) &&
      Defer(signal, *info, UnsafeAt(Register(interrupted, REG_RSP)))) {
    return;
  }
  const char* unsafe = UnsafeAt(Register(interrupted, REG_RSP));
  if (IsDeferred(*info) && !TakeDeferred(info, &unsafe)) return;
  Installed& now = installed[signal];
  const Handler handler = __atomic_load_n(&now.handler, __ATOMIC_ACQUIRE);
  if (handler == nullptr) return;
  if (__atomic_load_n(&now.once, __ATOMIC_RELAXED)) {
    struct sigaction standard = {};
    standard.sa_handler = SIG_DFL;
    real_sigaction()(signal, &standard, nullptr);
  }
  Call(handler, signal, info, interrupted, unsafe);
}

bool IsFunction(sighandler_t h) { return h != SIG_DFL && h != SIG_IGN && h != SIG_ERR; }
bool IsOurs(sighandler_t h) { return h == AsSimple(Arrive); }
bool IsSignal(int signal) { return signal > 0 && signal < kSignals; }

// What is said of a handler, kept together with what the kernel knows: no signal comes in between on
// this thread. Another thread may run the new handler with the old one's mask, or the reverse, once.
class Installation {
 public:
  explicit Installation(int signal) : now_(installed[signal]), signals_(BlockSignals()) {
    lock.Lock();
    before_ = now_;
  }
  ~Installation() {
    if (failed_) now_ = before_;
    lock.Unlock();
    RestoreSignals(signals_);
  }
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;

  // What the kernel shall call for `wanted`.
  sighandler_t Put(int signal, sighandler_t wanted, bool once) {
    if (!IsFunction(wanted) || IsOurs(wanted)) return wanted;
    __atomic_store_n(&handlers_installed, true, __ATOMIC_RELAXED);
    if (CSAN_LISTENING()) Release(SignalClock(signal));
    __atomic_store_n(&now_.once, once, __ATOMIC_RELAXED);
    __atomic_store_n(&now_.handler, AsFull(wanted), __ATOMIC_RELEASE);
    return AsSimple(Arrive);
  }
  // What the program knows of what the kernel had.
  sighandler_t Had(sighandler_t handler) {
    return IsOurs(handler) ? AsSimple(before_.handler) : handler;
  }
  void Fail() { failed_ = true; }
  bool once_before() const { return before_.once; }

 private:
  Installed& now_;
  Installed before_;
  u64 signals_;
  bool failed_ = false;
};

int Act(int signal, const struct sigaction* wanted, struct sigaction* had) {
  auto* const real = real_sigaction();
  if (!IsSignal(signal) || !InitDone()) return real(signal, wanted, had);
  struct sigaction copy;
  struct sigaction old = {};
  int result;
  {
    Installation in(signal);
    if (wanted != nullptr) {
      copy = *wanted;
      const auto once = static_cast<int>(SA_RESETHAND);
      copy.sa_handler = in.Put(signal, wanted->sa_handler, (wanted->sa_flags & once) != 0);
      if (IsOurs(copy.sa_handler)) copy.sa_flags = (copy.sa_flags & ~once) | SA_SIGINFO;
    }
    result = real(signal, wanted != nullptr ? &copy : nullptr, &old);
    if (result != 0) in.Fail();
    if (IsOurs(old.sa_handler)) {
      old.sa_handler = in.Had(old.sa_handler);
      if (in.once_before()) old.sa_flags |= static_cast<int>(SA_RESETHAND);
    }
  }
  if (result == 0 && had != nullptr) *had = old;
  return result;
}

// The kernel fills in what it says of a signal only for handlers that ask for it, and signal() does not.
void AskForInfo(int signal) {
  struct sigaction now = {};
  if (real_sigaction()(signal, nullptr, &now) != 0 || !IsOurs(now.sa_handler)) return;
  now.sa_flags |= SA_SIGINFO;
  real_sigaction()(signal, &now, nullptr);
}

template <typename Real>
sighandler_t Install(int signal, sighandler_t wanted, bool once, Real real) {
  if (!IsSignal(signal) || !InitDone()) return real(signal, wanted);
  Installation in(signal);
  const sighandler_t old = real(signal, in.Put(signal, wanted, once));
  if (old == SIG_ERR) {
    in.Fail();
  } else {
    AskForInfo(signal);
  }
  return in.Had(old);
}

}  // namespace

uptr SignalClock(int signal) { return reinterpret_cast<uptr>(&clocks[signal]); }
void ReleaseSignal(int signal) {
  if (IsSignal(signal) && CSAN_LISTENING()) Release(SignalClock(signal));
}
uptr TimerClock() { return reinterpret_cast<uptr>(&clocks[0]); }

bool WrapInternalHandler(int signal) {
  return ReplaceHandler(signal, reinterpret_cast<void*>(Arrive),
                        reinterpret_cast<void**>(&installed[signal].handler));
}

}  // namespace csan

using namespace csan;

extern "C" {

CSAN_INTERFACE int sigaction(int signal, const struct sigaction* wanted,
                             struct sigaction* had) noexcept {
  return Act(signal, wanted, had);
}
// Calls the kernel's handler once: the C library does that by SA_RESETHAND, so ours is told.
CSAN_INTERFACE sighandler_t sysv_signal(int signal, sighandler_t handler) noexcept {
  struct sigaction wanted = {};
  wanted.sa_handler = handler;
  wanted.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  struct sigaction had;
  return Act(signal, &wanted, &had) == 0 ? had.sa_handler : SIG_ERR;
}
CSAN_INTERFACE sighandler_t __sysv_signal(int signal, sighandler_t handler) noexcept {
  return sysv_signal(signal, handler);
}
CSAN_INTERFACE sighandler_t signal(int number, sighandler_t handler) noexcept {
  return Install(number, handler, false, real_signal());
}
CSAN_INTERFACE sighandler_t bsd_signal(int number, sighandler_t handler) noexcept {
  return Install(number, handler, false, real_signal());
}
CSAN_INTERFACE sighandler_t ssignal(int number, sighandler_t handler) noexcept {
  return Install(number, handler, false, real_signal());
}
}
