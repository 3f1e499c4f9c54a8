// KIND: data-race
// FLAGS: -lboost_context
// Boost.Context's fibers pass data along, move between threads, are ended from outside and run things on
// top of others. Their library is not instrumented and tells nothing.
#include <stdlib.h>

#include <atomic>
#include <boost/context/fiber.hpp>

#include "../support/order.h"

namespace context = boost::context;

int data, ended;
std::atomic<bool> given;

__attribute__((noinline)) void Count() {
  data++;  // RACE
}

context::fiber Body(context::fiber&& caller) {
  for (int i = 0; i < 2; i++) {
    Count();
    caller = std::move(caller).resume();
  }
  return std::move(caller);
}

int Passed() {
  int sent = 0;
  int sum = 0;
  context::fiber f([&](context::fiber&& caller) {
    while (sent < 1000) {
      sum += sent;
      caller = std::move(caller).resume();
    }
    return std::move(caller);
  });
  while (f) {
    sent++;
    f = std::move(f).resume();
  }
  return sum;
}

struct Ends {
  ~Ends() { ended++; }
};
void LeaveUnfinished() {
  context::fiber f([](context::fiber&& caller) {
    Ends ends;
    caller = std::move(caller).resume();
    return std::move(caller);
  });
  f = std::move(f).resume();
}

int OnTop() {
  int steps = 0;
  context::fiber f([&](context::fiber&& caller) {
    caller = std::move(caller).resume();
    steps += 10;
    return std::move(caller);
  });
  f = std::move(f).resume();
  f = std::move(f).resume_with([&](context::fiber&& caller) {
    steps++;
    return std::move(caller);
  });
  return steps;
}

int main() {
  context::fiber one(Body);
  context::fiber two(Body);
  InTurn(
      [&] {
        one = std::move(one).resume();
        for (int i = 0; i < 500; i++) LeaveUnfinished();
        given = true;
      },
      [&] {
        // A fiber goes on here, or another begins.
        if (!BUG && !given) _Exit(3);
        (BUG ? two : one) = std::move(BUG ? two : one).resume();
        if (Passed() != 499500) _Exit(3);
      });
  while (one) one = std::move(one).resume();
  return ended == 500 && OnTop() == 11 ? 0 : 3;
}
