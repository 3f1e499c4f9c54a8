// KIND: data-race
// FLAGS: {build}/lib/libcsan_go.a -lboost_context
// A receive orders a later send only if the channel was full: with room left it tells the sender nothing.
#include <csan/go.h>

int data;

int main() {
  const auto chan = csan::MakeChan<int>(BUG ? 1 : 0);
  const auto end = csan::MakeChan<csan::Unit>();
  csan::go([=] {
    data++;  // RACE
    chan.Receive();
    end.Close();
  });
  chan.Send(1);
  data++;  // RACE
  end.Receive();
}
