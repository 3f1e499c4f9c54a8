// Who waits for all senders closes.
#include "results.h"

int main() {
  const auto results = csan::MakeChan<int>(2);
  csan::WaitGroup senders;
  senders.Go([results] {
    results.Send(1);
    LetSecondEnd();
  });
  senders.Go([results] {
    results.Send(2);
    AwaitFirst();
  });
  csan::go([&senders, results] {
    senders.Wait();
    results.Close();
  });
  return Sum(results) == 3 ? 0 : 1;
}
