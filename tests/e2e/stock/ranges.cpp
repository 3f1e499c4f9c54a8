// KIND: data-race
// STOCK: clang++-22 g++-12
// Copies of structures and the memory functions are accesses of whole ranges.
#include <string.h>

#include <mutex>

#include "../support/order.h"

struct Whole {
  char bytes[100];
};
Whole from, copied, assigned;
std::mutex mutex;

__attribute__((noinline)) void Copy(const Whole* source, size_t size) {
  memset(&copied, 1, size);
  memcpy(&copied, source, size);
  memmove(&copied.bytes[1], &copied.bytes[0], size - 1);
  assigned = *source;  // RACE
}

int main() {
  InTurn(
      [] {
        std::lock_guard<std::mutex> guard(mutex);
        Copy(&from, sizeof(from));
      },
      [] {
#if !BUG
        std::lock_guard<std::mutex> guard(mutex);
#endif
        Copy(&from, sizeof(from));
      });
}
