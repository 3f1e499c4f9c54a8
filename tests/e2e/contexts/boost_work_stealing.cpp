// KIND: data-race
// FLAGS: -lboost_fiber -lboost_context
// Boost.Fiber as its users write it: two threads steal each other's fibers, which divide and conquer; a
// mutex, a condition and futures go with them. Where a fiber's arguments and its stack end, the thieves
// decide, and who joins it. Two fibers that are stolen from each other's thread count without a lock.
#include <unistd.h>

#include <atomic>
#include <boost/fiber/all.hpp>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

namespace fibers = boost::fibers;

fibers::mutex mutex;
fibers::condition_variable_any ended;
bool done;
int leaves, count;
std::atomic<int> last_thread, changes;

long Sum(const std::vector<int>* values, size_t begin, size_t end) {
  if (end - begin <= 64) {
    {
      std::lock_guard lock(mutex);
      leaves++;
    }
    boost::this_fiber::yield();
    return std::accumulate(values->begin() + begin, values->begin() + end, 0L);
  }
  const size_t middle = begin + (end - begin) / 2;
  auto left = fibers::async(Sum, values, begin, middle);
  auto right = fibers::async(Sum, values, middle, end);
  return left.get() + right.get();
}

void Grow(std::shared_ptr<int> size, int depth) {
  boost::this_fiber::yield();
  if (depth == 0) return;
  auto mine = std::make_shared<int>(*size - 1);
  fibers::fiber now(fibers::launch::dispatch, Grow, mine, depth - 1);
  fibers::fiber later(Grow, mine, depth - 1);
  now.join();
  later.join();
}

// Until the threads have taken turns at it: where each fiber runs, the thieves decide.
void Count() {
  while (changes.load(std::memory_order_relaxed) < 20) {
    std::unique_lock lock(mutex, std::defer_lock);
    if (!BUG) lock.lock();
    count++;  // RACE
    if (!BUG) lock.unlock();
    const int here = gettid();
    if (last_thread.exchange(here, std::memory_order_relaxed) != here)
      changes.fetch_add(1, std::memory_order_relaxed);
    boost::this_fiber::yield();
  }
}

void Steal() {
  fibers::use_scheduling_algorithm<fibers::algo::work_stealing>(2);
  std::unique_lock lock(mutex);
  ended.wait(lock, [] { return done; });
}

int main() {
  std::thread other(Steal);
  fibers::use_scheduling_algorithm<fibers::algo::work_stealing>(2);
  std::vector<int> values(2048);
  std::iota(values.begin(), values.end(), 0);
  const long sum = Sum(&values, 0, values.size());
  Grow(std::make_shared<int>(6), 6);
  fibers::fiber one(Count);
  fibers::fiber two(Count);
  one.join();
  two.join();
  {
    std::lock_guard lock(mutex);
    done = true;
  }
  ended.notify_all();
  other.join();
  return sum == 2048 * 2047 / 2 && leaves == 32 ? 0 : 3;
}
