// KIND: invalid-free
// A realloc of what is not the beginning of a block, to a size for which there is room.
#include "../support/order.h"
#include <cstdlib>
char* volatile block;
char* volatile moved;

int main() {
  block = static_cast<char*>(std::malloc(100));
#if BUG
  moved = static_cast<char*>(std::realloc(block + 16, 80));  // RACE
  std::free(block);
#else
  moved = static_cast<char*>(std::realloc(block, 80));
#endif
  std::free(moved);
}
