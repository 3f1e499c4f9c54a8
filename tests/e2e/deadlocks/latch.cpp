// KIND: deadlock
// A latch that is counted down once too little.
#include <latch>
#include <thread>

#include "../support/last_step.h"

int main() {
  std::latch done(BUG ? 3 : 2);
  std::thread one([&] { done.count_down(); });
  std::thread two([&] { done.count_down(); });
  one.join();
  two.join();
  LastStep();
  done.wait();  // RACE
}
