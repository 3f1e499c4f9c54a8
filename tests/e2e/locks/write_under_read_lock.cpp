// KIND: data-race
// Writing under a read lock.
#include "../support/order.h"
#include <mutex>
#include <shared_mutex>
std::shared_mutex m;
int value;

int main() {
  InTurn(
      [] {
        std::shared_lock lock(m);
        value = 1;  // RACE
      },
      [] {
#if BUG
        std::shared_lock lock(m);
#else
        std::unique_lock lock(m);
#endif
        value = 2;  // RACE
      });
}
