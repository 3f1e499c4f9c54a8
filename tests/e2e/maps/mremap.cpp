// KIND: data-race
// Memory that is moved is forgotten at both places.
#include <sys/mman.h>

#include "../support/order.h"

constexpr unsigned long kSize = 256 << 10;
char* at;

int main() {
  at = static_cast<char*>(mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  InTurn(
      [] {
        for (unsigned long i = 0; i < kSize; i += 4096) at[i] = 1;  // RACE
      },
      [] {
#if !BUG
        auto* moved = static_cast<char*>(mremap(at, kSize, 2 * kSize, MREMAP_MAYMOVE));
        for (unsigned long i = 0; i < 2 * kSize; i += 4096) moved[i] = 3;
        if (moved != at) {
          mmap(at, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        }
#endif
        for (unsigned long i = 0; i < kSize; i += 4096) at[i] = 2;  // RACE
      });
}
