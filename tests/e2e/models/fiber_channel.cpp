// KIND: data-race
// FLAGS: -lboost_fiber -lboost_context
// Fibers on two threads hand data over by channels that are too small, so both wait; what is done beside it
// is not ordered.
#include <boost/fiber/all.hpp>

#include "../support/order.h"

namespace fibers = boost::fibers;

template <typename Channel>
void HandOverBy(Channel& channel, int* data) {
  std::thread sender([&] {
    fibers::fiber([&] {
      for (int i = 0; i < 100; i++) {
        data[i] = i;
        if (channel.push(&data[i]) != fibers::channel_op_status::success) __builtin_trap();
      }
      channel.close();
    }).join();
  });
  std::thread receiver([&] {
    fibers::fiber([&] {
      int* value = nullptr;
      for (int i = 0; channel.pop(value) == fibers::channel_op_status::success; i++) {
        if ((*value)++ != i) __builtin_trap();
      }
    }).join();
  });
  sender.join();
  receiver.join();
}

int beside;

void Beside() {
  fibers::buffered_channel<int> channel(2);
  InTurn(
      [&] {
        if (!BUG) beside = 1;
        if (channel.push(1) != fibers::channel_op_status::success) __builtin_trap();
        if (BUG) beside = 1;  // RACE
      },
      [&] {
        channel.value_pop();
        beside++;  // RACE
      });
}

int main() {
  static int data[100], more[100];
  fibers::buffered_channel<int*> buffered(4);
  HandOverBy(buffered, data);
  fibers::unbuffered_channel<int*> unbuffered;
  HandOverBy(unbuffered, more);
  Beside();
}
