// KIND: race-with-free
// A free that is not ordered after another thread's access.
#include "../support/order.h"
int* block = new int(0);

int main() {
#if BUG
  InTurn([] { *block = 1; },   // RACE
         [] { delete block; });  // RACE
#else
  InTurn([] { *block = 1; }, [] {});
  delete block;
#endif
}
