// KIND: data-race
// A read lock does not order what earlier readers did.
#include "../support/order.h"
#include <mutex>
#include <shared_mutex>
std::shared_mutex m;
int mine;
volatile int seen;

int main() {
  InTurn(
      [] {
        mine = 1;  // RACE
#if BUG
        std::shared_lock lock(m);
#else
        std::unique_lock lock(m);
#endif
      },
      [] {
        { std::shared_lock lock(m); }
        seen = mine;  // RACE
      });
}
