// For programs that forget what their fibers wait for, while a fiber and a thread go on.
#pragma once

#include <csan/annotate.h>
#include <stdint.h>
#include <unistd.h>

#include <atomic>
#include <boost/fiber/all.hpp>
#include <functional>

#include "order.h"

// Where no search finds it: the library ends no thread before all its fibers have ended, so the program has
// to let them go on in the end.
template <typename Object>
class Hidden {
 public:
  void operator=(Object* object) { bits_ = ~reinterpret_cast<uintptr_t>(object); }
  Object* operator->() const { return reinterpret_cast<Object*>(~bits_); }

 private:
  uintptr_t bits_;
};

// Lets others run until they wait.
inline void LetOthersRun() {
  for (int i = 0; i < 20; i++) boost::this_fiber::yield();
  WipeStack();
}

// How many leaks are found while others go on, before `end` lets all end.
inline int LeaksAmongOthers(void (*forget)(), void (*end)()) {
  std::atomic<bool> done = false;
  std::thread busy([&] {
    while (!done) usleep(1000);
  });
  boost::fibers::fiber goes_on([&] {
    while (!done) boost::this_fiber::sleep_for(std::chrono::milliseconds(1));
  });
  boost::fibers::fiber([] { boost::this_fiber::yield(); }).join();
  forget();
  LetOthersRun();
  WipeStack();
  const int found = csan_check_leaks();
  end();
  done = true;
  goes_on.join();
  busy.join();
  return found;
}
