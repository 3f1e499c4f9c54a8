// KIND: data-race
// A timer's callback on a thread of the C library is an actor; setting the timer is ordered before it.
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

#include "../support/order.h"

int data;
std::atomic<int> calls;

void Called(sigval value) {
  AwaitStep(1);
  if (value.sival_int == 7) data++;  // RACE
  calls.fetch_add(1, std::memory_order_relaxed);
}

int main() {
  sigevent event = {};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = Called;
  event.sigev_value.sival_int = 7;
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return 2;
  const itimerspec soon = {{0, 0}, {0, 1000000}};
  if (!BUG) data++;
  timer_settime(timer, 0, &soon, nullptr);
  if (BUG) data++;  // RACE
  ReachStep(1);
  while (calls.load(std::memory_order_relaxed) == 0) usleep(100);
}
