// KIND: lock-order-inversion
// Readers let readers in; a writer waits for them.
#include <shared_mutex>

#include "pair.h"

std::shared_mutex first, second;

template <typename Second>
void ReadThen() {
  std::shared_lock a(first);
  Second b(second);  // RACE
}

int main() {
  using Then = std::conditional_t<BUG, std::unique_lock<std::shared_mutex>,
                                  std::shared_lock<std::shared_mutex>>;
  InTurn(ReadThen<Then>, [] {
    std::shared_lock b(second);
    if (BUG) {
      std::lock_guard a(first);  // RACE
    } else {
      std::shared_lock a(first);
    }
  });
}
