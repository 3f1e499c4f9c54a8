// KIND: possible-loss
// FLAGS: -lboost_fiber -lboost_context
// An open buffer that is abandoned is garbage, a closed one that is not drained is lost work, or meant
// to be: whoever wants but the first of many results closes the buffer.
#include <boost/fiber/all.hpp>

using Channel = boost::fibers::buffered_channel<int>;

int main() {
  Channel abandoned(4);
  abandoned.push(1);
  auto* channel = new Channel(4);
  channel->push(1);
  channel->push(2);
  channel->value_pop();
  channel->close();
  if (!BUG) channel->value_pop();
  delete channel;  // RACE
}
