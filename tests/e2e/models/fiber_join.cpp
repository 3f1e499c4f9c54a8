// KIND: deadlock
// FLAGS: -lboost_fiber -lboost_context
// ACTOR: fiber
// A fiber waits for what nobody sends, and the main one for its end.
#include <boost/fiber/all.hpp>

boost::fibers::unbuffered_channel<int> values;

void Get() {
  int value = 0;
  values.pop(value);  // RACE
}

int main() {
  boost::fibers::fiber get(Get);  // MADE
  if (!BUG) values.close();
  get.join();  // RACE
}
