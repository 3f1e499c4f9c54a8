// KIND: deadlock
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// Two fibers of two threads join each other. The clean twin's second one looks for the end of the first from
// time to time, and many a fiber is made, joined and ended on stacks of those before.
#include <atomic>
#include <boost/fiber/all.hpp>
#include <thread>

#include "../support/last_step.h"
#include "../support/order.h"

namespace fibers = boost::fibers;

fibers::fiber first, second;
std::atomic<bool> first_ends;
std::atomic<int> made;

void MadeBoth() {
  made++;
  while (made != 2) boost::this_fiber::yield();
}

void JoinSecond() {
  MadeBoth();
  second.join();  // RACE
  first_ends = true;
}

void JoinFirst() {
  MadeBoth();
  for (int i = 0; i < 100; i++) fibers::fiber([] { boost::this_fiber::yield(); }).join();
  LastStep();
  if (BUG) first.join();  // RACE
}

int main() {
  std::thread other([] {
    second = fibers::fiber(JoinFirst);
    while (!first_ends) boost::this_fiber::sleep_for(std::chrono::milliseconds(1));
  });
  first = fibers::fiber(JoinSecond);  // MADE
  while (!first_ends) boost::this_fiber::sleep_for(std::chrono::milliseconds(1));
  other.join();
  first.join();
}
