// KIND: double-close
// Two owners, each of whom closes when it is done.
#include "../support/channel.h"

Channel channel(1);
TestWaitGroup owners;

int main() {
  owners.Add(2);
  InTurn(
      [] {
        if (BUG) channel.Close();  // RACE
        owners.Add(-1);
      },
      [] {
        if (!BUG) owners.Add(-1);
        if (BUG) channel.Close();  // RACE
      });
  if (BUG) return 0;
  owners.Wait();
  channel.Close();
}
