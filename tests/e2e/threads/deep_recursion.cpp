// KIND: data-race
// FLAGS: -fno-optimize-sibling-calls
// The shadow stack follows a recursion as deep as the main thread's stack allows.
#include "../support/order.h"

int counter;
volatile int one = 1;

__attribute__((noinline)) int Recurse(int n) {
  if (n == 0) {
    InTurn([] { counter++; },  // RACE
           [] {
#if BUG
             counter++;  // RACE
#endif
           });
    return 0;
  }
  return Recurse(n - 1) + one;
}

int main() { return Recurse(50000) == 50000 ? 0 : 2; }
