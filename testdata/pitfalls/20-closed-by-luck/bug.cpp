// KIND: close-send-race
// Of two senders the second closes. The first has sent everything by then, this time.
#include "results.h"

int main() {
  const auto results = csan::MakeChan<int>(2);
  csan::go([results] {
    results.Send(1);  // RACE: sent here
    LetSecondEnd();
  });
  csan::go([results] {
    results.Send(2);
    AwaitFirst();
    results.Close();  // RACE: closed here
  });
  return Sum(results) == 3 ? 0 : 1;
}
