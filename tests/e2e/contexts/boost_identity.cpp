// KIND: data-race
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// What a fiber does is told of the fiber, with where it was made, also after other fibers ran on its thread;
// a lock of the C library that one fiber takes and another gives back is the thread's all the while.
#include <boost/fiber/all.hpp>
#include <mutex>

#include "../support/order.h"

namespace fibers = boost::fibers;

int data, given;
std::mutex mutex;

__attribute__((noinline)) void Count() {
  data++;  // RACE
}

void Yield() { boost::this_fiber::yield(); }

// One takes the lock, the other, on the same thread, guards by it and gives it back.
void HandOver() {
  for (int i = 0; i < 100; i++) {
    fibers::fiber take([] { mutex.lock(); });
    take.join();
    fibers::fiber give([] {
      given++;
      mutex.unlock();
    });
    give.join();
  }
}

int main() {
  std::thread other([] {
    for (int i = 0; i < 100; i++) {
      std::lock_guard lock(mutex);
      given++;
    }
  });
  HandOver();
  other.join();
  InTurn(
      [] {
        fibers::fiber counts(Count);  // MADE
        fibers::fiber others([] {
          for (int i = 0; i < 10; i++) Yield();
        });
        counts.join();
        others.join();
      },
      [] {
        fibers::fiber counts(BUG ? Count : Yield);
        counts.join();
      });
  return given == 200 && data == (BUG ? 2 : 1) ? 0 : 3;
}
