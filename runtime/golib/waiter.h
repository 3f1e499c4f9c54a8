// Someone who waits, at a channel or another object.
#pragma once

#include <csan/go/wait_list.h>

#include <atomic>

#include "futex.h"
#include "hooks.h"
#include "party.h"

namespace csan::inline go_v1::internal {

// What several waiters of one party, a Select's, have in common: the first one to be served wins.
class Selection {
 public:
  // By the server, under the lock of its channel.
  bool Win(Waiter* waiter) {
    Waiter* none = nullptr;
    return winner_.compare_exchange_strong(none, waiter, std::memory_order_acq_rel);
  }
  Waiter* winner() const { return winner_.load(std::memory_order_acquire); }

 private:
  std::atomic<Waiter*> winner_{nullptr};
};

struct Waiter {
  Party* party = nullptr;
  void* cell = nullptr;            // of a channel's: to read from or to write to
  Selection* selection = nullptr;  // if it is one of several
  hooks::Actor actor = nullptr;    // of the party
  bool served = false;             // got what it waits for, else it was only woken
  bool queued = false;
  Waiter* next = nullptr;
  Waiter* previous = nullptr;
};

// Of a waiter that is in the queue of the object, whose lock is held; it is released. Whether it was served.
bool WaitQueued(Waiter& waiter, SpinLock& lock, const void* object, csan_operation operation);
// The same of one that is queued here, last.
bool WaitIn(WaitQueue& queue, SpinLock& lock, const void* object, csan_operation operation);
// All that are linked to the first, which is null if there are none. Each is gone once it runs.
inline void WakeAll(Waiter* first) {
  while (first != nullptr) {
    Party& party = *first->party;
    first = first->next;
    party.Unpark();
  }
}

}  // namespace csan::inline go_v1::internal
