// KIND: data-race
// Memory that is moved is forgotten at both places.
#include <stdlib.h>

#include "../support/pages.h"

int main() {
  WriteTwice(
      256 << 10, [](char* page) { *page = 1; },  // RACE
      [](char* at, unsigned long size) {
        auto* moved = static_cast<char*>(mremap(at, size, 2 * size, MREMAP_MAYMOVE));
        for (unsigned long i = 0; i < 2 * size; i += 4096) moved[i] = 3;
        if (moved != at) mmap(at, size, kReadWrite, kPrivate | MAP_FIXED, -1, 0);
      },
      [](char* page) { *page = 2; });  // RACE
}
