// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
#include "pair.h"

std::mutex locks[1000], other;

int main() {
  InTurn(
      [] {
        for (std::mutex& m : locks) m.lock();
        other.lock();  // RACE
        other.unlock();
        for (std::mutex& m : locks) m.unlock();
      },
      [] {
        if (BUG) {
          TakeBoth(other, locks[990]);  // RACE
        } else {
          TakeBoth(locks[990], other);
        }
      });
}
