// KIND: heap-use-after-free
// The old block of a realloc that moved is gone.
#include "../support/order.h"
#include <cstdlib>
int* volatile block;
int* volatile moved;
volatile int seen;

int main() {
  block = static_cast<int*>(std::malloc(16));
  block[0] = 1;
  moved = static_cast<int*>(std::realloc(block, 4096));
#if BUG
  seen = block[0];  // RACE
#else
  seen = moved[0];
#endif
  std::free(moved);
}
