// KIND: data-race
// FLAGS: {build}/lib/libcsan_go.a -lboost_context
// The end of a goroutine orders nothing, its channel does.
#include <csan/go.h>

#include "../support/order.h"

int data;

int main() {
  const auto done = csan::MakeChan<csan::Unit>();
  csan::go([done] {
    data++;  // RACE
    if (!BUG) done.Close();
    ReachStep(1);
  });
  AwaitStep(1);
  if (!BUG) done.Receive();
  while (BUG && csan::GoroutineCount() != 0) csan::Yield();
  data++;  // RACE
}
