// KIND: data-race
// FLAGS: -lboost_fiber -lboost_context
// Fibers of one queue that three threads serve, started detached, and joined by a counter as in Boost.Fiber's
// own examples; buffered and unbuffered channels between them.
#include <boost/fiber/all.hpp>
#include <memory>
#include <string>
#include <thread>

#include "../support/order.h"

namespace fibers = boost::fibers;

fibers::mutex mutex;
fibers::condition_variable_any all_ended;
int running;
int unguarded;

template <typename F>
void Launch(F f) {
  {
    std::lock_guard lock(mutex);
    running++;
  }
  fibers::fiber([f] {
    f();
    std::lock_guard lock(mutex);
    if (--running == 0) all_ended.notify_all();
  }).detach();
}

void Serve(fibers::barrier* begin) {
  fibers::use_scheduling_algorithm<fibers::algo::shared_work>();
  begin->wait();
  std::unique_lock lock(mutex);
  all_ended.wait(lock, [] { return running == 0; });
}

int main() {
  fibers::use_scheduling_algorithm<fibers::algo::shared_work>();
  fibers::buffered_channel<std::unique_ptr<std::string>> words(4);
  fibers::unbuffered_channel<int> lengths;
  int total = 0;
  Launch([&] {
    for (int i = 0; i < 100; i++) words.push(std::make_unique<std::string>(i, 'x'));
    words.close();
  });
  Launch([&] {
    for (auto& word : words) {
      lengths.push(static_cast<int>(word->size()));
      boost::this_fiber::yield();
    }
    lengths.close();
  });
  Launch([&] {
    for (int length : lengths) total += length;
  });
  fibers::barrier begin(3);
  std::thread first(Serve, &begin);
  std::thread second(Serve, &begin);
  begin.wait();
  {
    std::unique_lock lock(mutex);
    all_ended.wait(lock, [] { return running == 0; });
  }
  first.join();
  second.join();
  if (BUG) {
    InTurn([] { unguarded++; },   // RACE
           [] { unguarded++; });  // RACE
  }
  return total == 4950 ? 0 : 3;
}
