// KIND: data-race
// Memory that is unmapped and mapped again is new.
#include <stdlib.h>

#include "../support/pages.h"

int main() {
  WriteTwice(
      64 << 10, [](char* page) { *page = 1; },  // RACE
      [](char* at, unsigned long size) {
        munmap(at, size);
        if (mmap(at, size, kReadWrite, kPrivate, -1, 0) != at) exit(2);
      },
      [](char* page) { *page = 2; });  // RACE
}
