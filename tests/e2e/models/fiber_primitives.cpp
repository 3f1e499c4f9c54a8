// KIND: data-race
// FLAGS: -lboost_fiber -lboost_context
// What mutexes, conditions, barriers, futures and joins of fibers order between threads.
#include <boost/fiber/all.hpp>

#include "../support/order.h"

namespace fibers = boost::fibers;

template <typename Body>
std::thread OnFiber(Body body) {
  return std::thread([body] { fibers::fiber(body).join(); });
}

fibers::mutex mutex;
fibers::condition_variable changed;
fibers::barrier barrier(2);
int counter, turn, one, two, result;

int main() {
  fibers::promise<int*> promise;
  fibers::future<int*> future = promise.get_future();
  std::thread a = OnFiber([&] {
    for (int i = 0; i < 100; i++) {
      std::unique_lock<fibers::mutex> lock(mutex);
      changed.wait(lock, [] { return turn == 0; });
      counter++;
      turn = 1;
      changed.notify_all();
    }
    one = 1;
    barrier.wait();
    if (two++ != 1) __builtin_trap();
    result = 5;
    promise.set_value(&result);
    if (BUG) result++;  // RACE
    ReachStep(1);
  });
  std::thread b = OnFiber([&] {
    for (int i = 0; i < 100; i++) {
      std::unique_lock<fibers::mutex> lock(mutex);
      changed.wait(lock, [] { return turn == 1; });
      counter++;
      turn = 0;
      changed.notify_all();
    }
    two = 1;
    barrier.wait();
    if (one++ != 1) __builtin_trap();
    int* const got = future.get();
    AwaitStep(1);
    (*got)++;  // RACE
  });
  a.join();
  b.join();
  int joined = 0;
  fibers::fiber inner([&] { joined = 1; });
  inner.join();
  return counter - 200 + joined - 1;
}
