// KIND: data-race
// Memory that malloc hands out again is new.
#include "../support/order.h"
#include <cstdlib>
#include <vector>
int shared;

int main() {
  for (int round = 0; round < 200; round++) {
    std::thread t([] {
      for (int i = 0; i < 100; i++) {
        int* p = static_cast<int*>(std::malloc(64));
        p[0] = i;
        p[15] = i;
        std::free(p);
      }
    });
    std::vector<int> v(100, round);
    t.join();
  }
  InTurn([] { shared = 1; },  // RACE
         [] {
#if BUG
           shared = 2;  // RACE
#endif
         });
}
