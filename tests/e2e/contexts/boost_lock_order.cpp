// KIND: lock-order-inversion
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// Fibers of two threads take mutexes in opposite orders, at different times. What one fiber holds while
// another of its thread takes a lock is no order of theirs.
#include <boost/fiber/all.hpp>

#include "../support/order.h"

namespace fibers = boost::fibers;

fibers::mutex a, b;

void AThenB() {
  std::lock_guard first(a);
  std::lock_guard second(b);  // RACE
}
void BThenA() {
  std::lock_guard first(b);
  std::lock_guard second(a);  // RACE
}
void HoldA() {
  std::lock_guard first(a);
  boost::this_fiber::yield();
}
void OnlyB() { std::lock_guard lock(b); }

int main() {
  InTurn(
      [] {
        fibers::fiber one(BUG ? AThenB : HoldA);  // MADE
        fibers::fiber two(OnlyB);
        one.join();
        two.join();
      },
      [] { fibers::fiber(BThenA).join(); });
}
