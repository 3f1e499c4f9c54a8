// KIND: data-race
// Pages that are dropped are new.
#include <stdlib.h>

#include "../support/pages.h"

int main() {
  WriteTwice(
      1 << 20, [](char* page) { *page = 1; },  // RACE
      [](char* at, unsigned long size) {
        madvise(at, size, MADV_DONTNEED);
      },
      [](char* page) { *page = 2; });  // RACE
}
