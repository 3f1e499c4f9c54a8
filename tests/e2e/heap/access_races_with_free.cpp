// KIND: race-with-free
// An access that is not ordered after the free.
#include "../support/order.h"
int* volatile block = new int(0);
volatile int seen;

int main() {
#if BUG
  InTurn([] { delete block; },    // RACE
         [] { seen = *block; });  // RACE
#else
  InTurn([] { seen = *block; }, [] {});
  delete block;
#endif
}
