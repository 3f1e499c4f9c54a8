// KIND: data-race
// Memory that is unmapped and mapped again is new.
#include <sys/mman.h>

#include "../support/order.h"

constexpr unsigned long kSize = 64 << 10;
char* at;

int main() {
  at = static_cast<char*>(mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  InTurn(
      [] {
        for (unsigned long i = 0; i < kSize; i += 4096) at[i] = 1;  // RACE
      },
      [] {
#if !BUG
        munmap(at, kSize);
        if (mmap(at, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != at) return;
#endif
        for (unsigned long i = 0; i < kSize; i += 4096) at[i] = 2;  // RACE
      });
}
