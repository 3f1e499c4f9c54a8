// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
#include "pair.h"

std::mutex first, second;

int main() {
  InTurn(
      [] {
        if (BUG) TakeBoth(first, second);  // RACE
        std::scoped_lock both(first, second);
      },
      [] {
        if (BUG) TakeBoth(second, first);  // RACE
        std::scoped_lock both(second, first);
        together++;
      });
}
