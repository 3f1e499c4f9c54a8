// Someone who waits at a channel.
#pragma once

#include <atomic>

#include "hooks.h"
#include "party.h"

namespace csan::inline go_v1::internal {

class Core;
struct Waiter;

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
  Party* party;
  void* cell;                      // to read from or to write to
  Selection* selection = nullptr;  // if it is one of several
  hooks::Actor actor = nullptr;    // of the party
  bool served = false;             // else the channel was closed
  bool queued = false;
  Waiter* next = nullptr;
  Waiter* previous = nullptr;
};

// First come, first served. Not thread-safe.
class WaitQueue {
 public:
  void Push(Waiter& waiter);
  void Remove(Waiter& waiter);
  // The first whom nobody else has served; null if there is none.
  Waiter* Pop();

 private:
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
};

}  // namespace csan::inline go_v1::internal
