// KIND: double-free
// A block that is freed twice.
#include "../support/order.h"
#include <cstdlib>
void* volatile block;

int main() {
  block = std::malloc(24);
  std::free(block);
#if BUG
  std::free(block);  // RACE
#endif
}
