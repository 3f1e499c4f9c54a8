#include "party.h"

#include "carrier.h"
#include "futex.h"
#include "goroutine.h"
#include "scheduler.h"

namespace csan::inline go_v1::internal {
namespace {

constinit thread_local Party thread_party{nullptr};

// A goroutine that is switched to at once answers sooner than a futex wakes.
constexpr int kSpins = 100;

}  // namespace

[[gnu::noinline]] Party& Party::Self() {
  Carrier* const carrier = Carrier::Current();
  if (carrier != nullptr && carrier->running() != nullptr) return carrier->running()->party();
  return thread_party;
}

void Party::Park(After after) {
  if (goroutine_ != nullptr) {
    Carrier::Leave(after);
    return;
  }
  after.call(after.argument);
  for (int i = 0; i < kSpins && woken_.load(std::memory_order_relaxed) == 0; i++) Pause();
  while (woken_.load(std::memory_order_acquire) == 0) FutexWait(woken_, 0);
  woken_.store(0, std::memory_order_relaxed);
}

void Party::Unpark() {
  if (goroutine_ != nullptr) {
    Scheduler::Get().Ready(goroutine_);
    return;
  }
  // The thread may be gone once it sees this; a futex at no address wakes nobody.
  woken_.store(1, std::memory_order_release);
  FutexWake(woken_);
}

}  // namespace csan::inline go_v1::internal
