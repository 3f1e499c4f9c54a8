// KIND: data-race
// FLAGS: {build}/lib/libcsan_go.a -lboost_context
// The k-th receive is before the (k + capacity)-th send is complete, and not before an earlier one.
#include <csan/go.h>

int data;

int main() {
  const auto chan = csan::MakeChan<int>(2);
  const auto end = csan::MakeChan<csan::Unit>();
  csan::go([=] {
    data++;  // RACE
    for (int value : chan) static_cast<void>(value);
    end.Close();
  });
  for (int i = 0; i < (BUG ? 2 : 3); i++) chan.Send(i);
  data++;  // RACE
  chan.Close();
  end.Receive();
}
