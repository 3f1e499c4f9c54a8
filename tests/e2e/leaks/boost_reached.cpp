// KIND: goroutine-leak
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// What can be reached from somewhere is no leak: a global variable, a block that one leads to, a thread-local
// variable, the stack of who runs or sleeps, what a fiber was made with that has not run yet, the properties
// of one that waits, and what somebody has who can go on because of one of these. Wherever stacks are from.
#include "../support/forgotten.h"

namespace fibers = boost::fibers;
using Channel = fibers::buffered_channel<int>;

struct Box {
  std::unique_ptr<Box> next;
  std::shared_ptr<Channel> channel;
};

struct Properties : fibers::fiber_properties {
  using fiber_properties::fiber_properties;
  std::shared_ptr<Channel> channel;
};

Box global;
thread_local Box local;
fibers::pooled_fixedsize_stack pool;
Hidden<Channel> channel;

// Waits for a value of `first`; then it closes the other.
void Pass(std::shared_ptr<Channel> first, std::shared_ptr<Channel> second) {
  int value = 0;
  first->pop(value);  // RACE
  if (second != nullptr) second->close();
}

// A fiber waits for the end of what is returned, and another for what that one would close.
template <typename Stack>
std::shared_ptr<Channel> Start(Stack stack) {
  auto first = std::make_shared<Channel>(2);
  auto second = std::make_shared<Channel>(2);
  fibers::fiber(std::allocator_arg, stack, Pass, first, second).detach();  // MADE
  fibers::fiber(std::allocator_arg, stack, Pass, second, nullptr).detach();
  return first;
}

void Sleep(std::shared_ptr<Channel> first) {
  boost::this_fiber::sleep_for(std::chrono::milliseconds(300));
  first->close();
}

__attribute__((noinline)) void Forget() {
  global.channel = Start(fibers::fixedsize_stack());
  global.next = std::make_unique<Box>();
  global.next->channel = Start(fibers::protected_fixedsize_stack());
  local.channel = Start(pool);
  fibers::fiber(Sleep, Start(pool)).detach();
  auto* properties = new Properties(nullptr);
  properties->channel = std::make_shared<Channel>(2);
  fibers::fiber waits(static_cast<fibers::fiber_properties*>(properties), Pass, properties->channel,
                      nullptr);
  fibers::fiber([waits = std::move(waits)]() mutable {
    boost::this_fiber::sleep_for(std::chrono::milliseconds(300));
    waits.properties<Properties>().channel->close();
    waits.join();
  }).detach();
  LetOthersRun();
  fibers::fiber not_yet(std::allocator_arg, pool, [first = global.channel] { first->close(); });
  if (BUG) channel = Start(pool).get();
  if (!BUG) global.channel = nullptr;
  not_yet.detach();
}

int main() {
  Box on_stack{nullptr, Start(fibers::fixedsize_stack())};
  Box* volatile kept = &on_stack;
  const int found = LeaksAmongOthers(Forget, [] {
    if (BUG) channel->close();
    if (BUG) global.channel->close();
    global.next->channel->close();
    local.channel->close();
  });
  kept->channel->close();
  return found != BUG ? 3 : 0;
}
