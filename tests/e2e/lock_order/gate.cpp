// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
#include "pair.h"

std::mutex gate, first, second;

int main() {
  InTurn(
      [] {
        std::unique_lock g(gate);
        if (BUG) g.unlock();
        TakeBoth(first, second);  // RACE
      },
      [] {
        std::lock_guard g(gate);
        TakeBoth(second, first);  // RACE
      });
}
