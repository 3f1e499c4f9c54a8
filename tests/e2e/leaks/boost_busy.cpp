// KIND: goroutine-leak
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// Fibers of several threads, which steal work from each other, hand values on and meet, and forget what they
// shared as soon as they have done so; another thread looks for leaks all the while and finds none.
#include "../support/forgotten.h"

namespace fibers = boost::fibers;
using Channel = fibers::buffered_channel<int>;

constexpr unsigned kThreads = 3;
std::atomic<bool> looked;
Hidden<Channel> channel;

void Send(std::shared_ptr<Channel> values) {
  for (int i = 0; i < 5; i++) values->push(i);
}
void Receive(std::shared_ptr<Channel> values, std::shared_ptr<fibers::promise<int>> sum) {
  int all = 0;
  for (int i = 0; i < 5; i++) all += values->value_pop();
  sum->set_value(all);
}

int HandOn() {
  auto values = std::make_shared<Channel>(2);
  auto sum = std::make_shared<fibers::promise<int>>();
  auto result = sum->get_future();
  fibers::fiber(Receive, values, std::move(sum)).detach();
  fibers::fiber(Send, std::move(values)).detach();
  return result.get();
}

void Meet(std::shared_ptr<fibers::barrier> barrier, std::shared_ptr<fibers::mutex> mutex) {
  for (int i = 0; i < 3; i++) {
    std::lock_guard lock(*mutex);
    boost::this_fiber::yield();
  }
  barrier->wait();
}

void Work() {
  while (!looked) {
    if (HandOn() != 10) abort();
    auto barrier = std::make_shared<fibers::barrier>(3);
    auto mutex = std::make_shared<fibers::mutex>();
    for (int i = 0; i < 2; i++) fibers::fiber(Meet, barrier, mutex).detach();
    fibers::fiber last(Meet, std::move(barrier), std::move(mutex));
    last.join();
  }
}

void Forgotten(std::shared_ptr<Channel> values) {
  values->value_pop();  // RACE
}
__attribute__((noinline)) void Forget() {
  auto values = std::make_shared<Channel>(2);
  channel = values.get();
  fibers::fiber(Forgotten, std::move(values)).detach();  // MADE
  LetOthersRun();
}

int main() {
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < kThreads; i++) {
    threads.emplace_back([i] {
      fibers::use_scheduling_algorithm<fibers::algo::work_stealing>(kThreads);
      if (BUG && i == 0) Forget();
      std::vector<fibers::fiber> workers;
      for (int k = 0; k < 5; k++) workers.emplace_back(Work);
      for (auto& worker : workers) worker.join();
      if (BUG && i == 0) channel->push(1);
    });
  }
  int found = 0;
  for (int i = 0; i < 50; i++) {
    usleep(2000);
    found += csan_check_leaks();
  }
  looked = true;
  for (auto& thread : threads) thread.join();
  return found != BUG ? 3 : 0;
}
