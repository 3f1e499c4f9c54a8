// KIND: heap-use-after-free
// An access that is ordered after the free.
#include "../support/order.h"
#include <cstdlib>
volatile char seen;
char* volatile block;

int main() {
  block = static_cast<char*>(std::malloc(40));
  block[7] = 1;
#if BUG
  std::free(block);
#endif
  seen = block[7];  // RACE
#if !BUG
  std::free(block);
#endif
}
