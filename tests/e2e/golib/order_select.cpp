// KIND: data-race
// FLAGS: {build}/lib/libcsan_go.a -lboost_context
// Of a select only the case that is done orders.
#include <csan/go.h>

#include "../support/order.h"

int data;

int main() {
  const auto mine = csan::MakeChan<int>(), others = csan::MakeChan<int>(1);
  csan::go([=] {
    data++;  // RACE
    if (BUG) ReachStep(1);
    mine.Send(1);
  });
  if (BUG) {
    AwaitStep(1);
    others.Send(1);
    if (csan::Select(csan::OnSend(others, 2), csan::OnReceive(others)) != 1) return 3;
  } else {
    csan::Select(csan::OnReceive(others), csan::OnReceive(mine));
  }
  data++;  // RACE
  if (BUG) mine.Receive();
}
