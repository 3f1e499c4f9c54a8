// KIND: heap-use-after-free
// A megabyte into a large block.
#include "../support/order.h"
#include <cstdlib>
volatile char seen;
char* volatile block;

int main() {
  block = static_cast<char*>(std::malloc(3 << 20));
  block[2 << 20] = 1;
#if BUG
  std::free(block);
#endif
  seen = block[2 << 20];  // RACE
#if !BUG
  std::free(block);
#endif
}
