// KIND: data-race
// FLAGS: -lboost_fiber -lboost_context
// Fibers that two threads steal from each other, and all by which they wait with a time limit; what is a
// fiber's own goes with it from thread to thread. Who did not get a lock in time does not have it.
#include <boost/fiber/all.hpp>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "../support/order.h"

namespace fibers = boost::fibers;
using namespace std::chrono_literals;
using Status = fibers::channel_op_status;

fibers::timed_mutex timed;
fibers::recursive_timed_mutex nested;
fibers::fiber_specific_ptr<int> rounds;
int by_timed, by_nested, sum;

void AddTo(int* count, int depth) {
  std::unique_lock lock(nested, 1h);
  if (depth == 0) return;
  ++*count;
  AddTo(count, depth - 1);
}

int Work(int n) {
  rounds.reset(new int(0));
  for (int i = 0; i < n; i++) {
    ++*rounds;
    AddTo(&by_nested, 2);
    if (std::unique_lock lock(timed, 1h); lock) by_timed++;
    if (i % 8 == 0) boost::this_fiber::sleep_for(10us);
    boost::this_fiber::yield();
  }
  return *rounds;
}

// Its future is asked with a time limit until it has the answer.
int Ask(int n) {
  fibers::packaged_task<int(int)> task(Work);
  fibers::future<int> answer = task.get_future();
  fibers::fiber(std::move(task), n).detach();
  while (answer.wait_for(100us) == fibers::future_status::timeout) {
  }
  return answer.get();
}

void Stream() {
  fibers::unbuffered_channel<std::unique_ptr<int>> values;
  fibers::fiber sender([&] {
    for (int i = 0; i < 50; i++) {
      if (values.push_wait_for(std::make_unique<int>(i), 1h) != Status::success) __builtin_trap();
      boost::this_fiber::yield();
    }
    values.close();
  });
  std::unique_ptr<int> value;
  for (;;) {
    const Status status = values.pop_wait_for(value, 100us);
    if (status == Status::closed) break;
    if (status == Status::success) sum += *value;
  }
  sender.join();
}

fibers::mutex mutex;
fibers::condition_variable_any changed;
int tickets;
bool done;

void Produce() {
  for (int i = 0; i < 50; i++) {
    {
      std::lock_guard lock(mutex);
      tickets++;
    }
    changed.notify_one();
    boost::this_fiber::yield();
  }
}

void Consume() {
  for (int i = 0; i < 50; i++) {
    std::unique_lock lock(mutex);
    while (!changed.wait_for(lock, 100us, [] { return tickets > 0; })) {
    }
    tickets--;
  }
}

void Steal() {
  fibers::use_scheduling_algorithm<fibers::algo::work_stealing>(2);
  std::unique_lock lock(mutex);
  changed.wait(lock, [] { return done; });
}

bool AllTogether() {
  std::vector<fibers::fiber> running;
  for (int i = 0; i < 4; i++) running.emplace_back(Produce);
  for (int i = 0; i < 4; i++) running.emplace_back(Consume);
  running.emplace_back(Stream);
  const int asked = Ask(40) + Ask(40);
  for (fibers::fiber& one : running) one.join();
  return asked == 80 && by_timed == 80 && by_nested == 160 && sum == 1225 && tickets == 0;
}

int guarded;

void Impatient() {
  std::thread holder([] {
    std::unique_lock lock(timed);
    guarded = 1;  // RACE
    ReachStep(1);
    if (BUG) AwaitStep(2);
  });
  std::thread other([] {
    AwaitStep(1);
    std::unique_lock lock(timed, BUG ? 1ms : std::chrono::milliseconds(1h));
    guarded++;  // RACE
    ReachStep(2);
  });
  holder.join();
  other.join();
}

int main() {
  std::thread other(Steal);
  fibers::use_scheduling_algorithm<fibers::algo::work_stealing>(2);
  const bool right = AllTogether();
  {
    std::lock_guard lock(mutex);
    done = true;
  }
  changed.notify_all();
  other.join();
  Impatient();
  return right ? 0 : 3;
}
