// KIND: goroutine-leak
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// Who has been let go on can run, by this thread or by another one, though it has not yet and nobody else has
// what it waited for any more.
#include "../support/forgotten.h"

namespace fibers = boost::fibers;
using Channel = fibers::buffered_channel<int>;
using Hand = fibers::unbuffered_channel<int>;

struct Condition {
  fibers::mutex mutex;
  fibers::condition_variable ready;
  bool is_ready = false;
};

Hidden<Channel> channel;
int received = 0;

void Receive(std::shared_ptr<Channel> values) {
  for (int i = 0; i < 2; i++) received += values->value_pop();  // RACE
}
void Send(std::shared_ptr<Channel> values) {
  for (int i = 0; i < 2; i++) values->push(i);  // there is room for one
}
void Take(std::shared_ptr<Hand> values) {
  int value = 0;
  values->pop(value);
}
void Get(std::shared_ptr<fibers::promise<int>> promise) { promise->get_future().get(); }
void Lock(std::shared_ptr<fibers::mutex> mutex) { std::lock_guard lock(*mutex); }
void Meet(std::shared_ptr<fibers::barrier> barrier) { barrier->wait(); }
void Wait(std::shared_ptr<Condition> condition) {
  std::unique_lock lock(condition->mutex);
  condition->ready.wait(lock, [&] { return condition->is_ready; });
}

// What lets fibers go on, and has the only other pointers to what they wait for.
std::vector<std::function<void()>> wakes;

template <typename Object>
void Start(void (*wait)(std::shared_ptr<Object>), std::shared_ptr<Object> object,
           void (*wake)(Object&)) {
  fibers::fiber(wait, object).detach();
  wakes.push_back([object = std::move(object), wake] { wake(*object); });
}

__attribute__((noinline)) void Forget() {
  auto mutex = std::make_shared<fibers::mutex>();
  mutex->lock();
  Start<fibers::mutex>(Lock, mutex, [](auto& m) { m.unlock(); });
  Start<Hand>(Take, std::make_shared<Hand>(), [](auto& h) { h.close(); });
  Start<fibers::promise<int>>(Get, std::make_shared<fibers::promise<int>>(),
                              [](auto& p) { p.set_value(1); });
  Start<fibers::barrier>(Meet, std::make_shared<fibers::barrier>(2), [](auto& b) { b.wait(); });
  Start<Condition>(Wait, std::make_shared<Condition>(), [](auto& c) {
    std::lock_guard lock(c.mutex);
    c.is_ready = true;
    c.ready.notify_one();
  });
  Start<Channel>(Send, std::make_shared<Channel>(2), [](auto& c) { c.value_pop(); });
  auto values = std::make_shared<Channel>(2);
  channel = values.get();
  fibers::fiber(Receive, values).detach();  // MADE
  LetOthersRun();
  values->push(1);
  LetOthersRun();  // it waits for the second time
  for (auto& wake : wakes) wake();
  wakes.clear();
  if (BUG) LetOthersRun();
  if (!BUG) std::thread([values = std::move(values)] { values->push(1); }).join();
}

int main() {
  std::atomic<bool> done = false;
  std::thread busy([&] {
    while (!done) usleep(1000);
  });
  Forget();
  WipeStack();
  const int found = csan_check_leaks();
  if (BUG) channel->push(1);
  LetOthersRun();
  done = true;
  busy.join();
  return found != BUG ? 3 : received != 2 ? 4 : 0;
}
