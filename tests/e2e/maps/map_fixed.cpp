// KIND: data-race
// A mapping that replaces another is new.
#include <stdlib.h>

#include "../support/pages.h"

int main() {
  WriteTwice(
      1 << 20, [](char* page) { *page = 1; },  // RACE
      [](char* at, unsigned long size) {
        mmap(at, size, kReadWrite, kPrivate | MAP_FIXED, -1, 0);
      },
      [](char* page) { *page = 2; });  // RACE
}
