// KIND: data-race
// Two different mutexes exclude nobody.
#include "../support/order.h"
#include <mutex>
std::mutex a, b;
int value;

int main() {
  InTurn(
      [] {
        std::lock_guard lock(a);
        value = 1;  // RACE
      },
      [] {
        std::lock_guard lock(BUG ? b : a);
        value = 2;  // RACE
      });
}
