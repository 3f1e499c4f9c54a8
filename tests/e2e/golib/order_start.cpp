// KIND: data-race
// FLAGS: {build}/lib/libcsan_go.a -lboost_context
// What comes after go is not ordered with the goroutine.
#include <csan/go.h>

#include "../support/order.h"

int data;

int main() {
  if (!BUG) data++;
  const auto done = csan::MakeChan<csan::Unit>();
  csan::go([done] {
    data++;  // RACE
    done.Close();
  });
  if (BUG) data++;  // RACE
  done.Receive();
}
