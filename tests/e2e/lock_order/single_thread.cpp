// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
#include "pair.h"

std::mutex first, second;

int main() {
  InTurn(
      [] {
        TakeBoth(first, second);  // RACE
        if (!BUG) TakeBoth(second, first);
      },
      [] {
        if (BUG) TakeBoth(second, first);  // RACE
      });
}
