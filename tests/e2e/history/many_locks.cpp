// KIND: data-race
// A hundred thousand unrelated lock operations in between.
#include "../support/order.h"
#include <mutex>
std::mutex m;
int value, guarded;

int main() {
  InTurn(
      [] {
        value = 1;  // RACE
        for (int i = 0; i < 100000; i++) {
          std::lock_guard lock(m);
          guarded++;
        }
      },
      [] {
#if BUG
        value = 2;  // RACE
#endif
      });
}
