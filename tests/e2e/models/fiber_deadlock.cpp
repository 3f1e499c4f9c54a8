// KIND: deadlock
// FLAGS: -lboost_fiber -lboost_context
// Each fiber waits for what the other would send afterwards.
#include <boost/fiber/all.hpp>

using Channel = boost::fibers::buffered_channel<int>;

int main() {
  Channel there(2), back(2);
  boost::fibers::fiber other([&] {
    if (!BUG) back.push(1);
    there.value_pop();
    if (BUG) back.push(1);
  });
  back.value_pop();
  there.push(1);
  other.join();
}
