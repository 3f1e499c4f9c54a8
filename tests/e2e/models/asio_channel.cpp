// KIND: data-race
// Boost.Asio's channels need no model: all of them is compiled with the program.
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/thread_pool.hpp>

#include "../support/order.h"

using Channel = boost::asio::experimental::concurrent_channel<void(boost::system::error_code, int*)>;

int data, beside;

int main() {
  boost::asio::thread_pool pool(2);
  Channel channel(pool, 1);
  data = 1;
  channel.async_receive([&](boost::system::error_code, int* value) {
    ++*value;
    AwaitStep(1);
    beside++;  // RACE
  });
  std::thread sender([&] {
    data++;
    if (!BUG) beside = 1;
    channel.try_send(boost::system::error_code(), &data);
    if (BUG) beside = 1;  // RACE
    ReachStep(1);
  });
  sender.join();
  pool.join();
  return data - 3;
}
