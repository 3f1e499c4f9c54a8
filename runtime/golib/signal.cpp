// The handler marks what came and wakes a thread, which sends it on: nothing else is allowed in a handler.
#include <csan/go/goroutine.h>
#include <csan/go/panic.h>
#include <csan/go/select.h>
#include <csan/go/signal.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <vector>

#include "core.h"
#include "futex.h"
#include "hooks.h"
#include "thread.h"

namespace csan::inline go_v1 {
namespace internal {
namespace {

constexpr int kSignals = 65;

constinit std::array<std::atomic<std::uint32_t>, kSignals> came{};
constinit std::atomic<std::uint32_t> changes{0};

void Handle(int signal) {
  came[static_cast<std::size_t>(signal)].fetch_add(1, std::memory_order_relaxed);
  changes.fetch_add(1, std::memory_order_release);
  FutexWake(changes);
}

bool Allowed(int signal) {
  if (signal <= 0 || signal >= kSignals) return false;
  constexpr std::array kNot{SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
  return std::find(kNot.begin(), kNot.end(), signal) == kNot.end();
}

class Signals {
 public:
  static Signals& Get() {
    // Never destroyed: its thread runs until the process is gone.
    static auto* const signals = new Signals;
    return *signals;
  }

  void Add(const Chan<int>& chan, int signal) {
    const std::lock_guard guard(lock_);
    auto& here = chans_[static_cast<std::size_t>(signal)];
    if (std::find(here.begin(), here.end(), chan) != here.end()) return;
    here.push_back(chan);
    if (here.size() > 1) return;
    struct sigaction handle{};
    handle.sa_handler = Handle;
    handle.sa_flags = SA_RESTART;
    sigfillset(&handle.sa_mask);
    sigaction(signal, &handle, &before_[static_cast<std::size_t>(signal)]);
  }

  void Remove(const Chan<int>& chan) {
    const std::lock_guard guard(lock_);
    for (std::size_t signal = 0; signal < kSignals; signal++) {
      if (std::erase(chans_[signal], chan) != 0 && chans_[signal].empty()) {
        sigaction(static_cast<int>(signal), &before_[signal], nullptr);
      }
    }
  }

 private:
  Signals() {
    StartThread(
        [](void* self) -> void* {
          CSAN_GO_OWN;
          hooks::SelfIsDaemon();
          static_cast<Signals*>(self)->Loop();
        },
        this, "csan-go-signals");
  }

  [[noreturn]] void Loop() {
    for (;;) {
      const std::uint32_t seen = changes.load(std::memory_order_acquire);
      for (std::size_t signal = 0; signal < kSignals; signal++) {
        if (came[signal].exchange(0, std::memory_order_relaxed) != 0) Deliver(signal);
      }
      FutexWait(changes, seen);
    }
  }

  void Deliver(std::size_t signal) {
    const std::lock_guard guard(lock_);
    for (const Chan<int>& chan : chans_[signal]) {
      Core& core = *Access::Get(chan);
      const int value = static_cast<int>(signal);
      Waiter* served = nullptr;
      {
        const std::lock_guard held(core.lock());
        // One that was closed is nobody's any more.
        if (!core.closed()) core.Send(&value, served);
      }
      WakeAll(served);
    }
  }

  SpinLock lock_;
  std::array<std::vector<Chan<int>>, kSignals> chans_;
  std::array<struct sigaction, kSignals> before_{};
};

}  // namespace
}  // namespace internal

void SignalNotify(const Chan<int>& chan, std::initializer_list<int> signals) {
  CSAN_GO_OWN;
  if (!chan) internal::Throw("signal: Notify using nil channel");
  if (!std::all_of(signals.begin(), signals.end(), internal::Allowed)) {
    internal::Throw("signal: this one cannot be handled");
  }
  for (const int signal : signals) internal::Signals::Get().Add(chan, signal);
}

void StopNotify(const Chan<int>& chan) {
  CSAN_GO_OWN;
  internal::Signals::Get().Remove(chan);
}

CancellableContext NotifyContext(const Context& parent, std::initializer_list<int> signals) {
  const auto came = MakeChan<int>(1);
  SignalNotify(came, signals);
  CancellableContext result = WithCancel(parent);
  go([came, result] {
    Select(OnReceive(came), OnReceive(result.context.Done()));
    StopNotify(came);
    result.cancel();
  });
  return result;
}

}  // namespace csan::inline go_v1
