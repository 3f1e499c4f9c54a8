// KIND: data-race
// A mapping that replaces another is new.
#include <sys/mman.h>

#include "../support/order.h"

constexpr unsigned long kSize = 1 << 20;
char* at;

int main() {
  at = static_cast<char*>(mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  InTurn(
      [] {
        for (unsigned long i = 0; i < kSize; i += 4096) at[i] = 1;  // RACE
      },
      [] {
#if !BUG
        mmap(at, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
#endif
        for (unsigned long i = 0; i < kSize; i += 4096) at[i] = 2;  // RACE
      });
}
