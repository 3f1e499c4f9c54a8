// KIND: possible-loss
// FLAGS: -lboost_fiber -lboost_context
// Whoever looks at what push returns knows; who does not loses the value, maybe on purpose.
#include <boost/fiber/all.hpp>

int main() {
  boost::fibers::buffered_channel<int> channel(4);
  boost::fibers::fiber([&] { channel.close(); }).join();
  boost::fibers::fiber([&] {
    if (BUG) {
      channel.push(1);  // RACE
    } else if (channel.push(1) != boost::fibers::channel_op_status::closed) {
      __builtin_trap();
    }
  }).join();
}
