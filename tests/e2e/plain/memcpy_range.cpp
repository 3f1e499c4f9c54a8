// KIND: data-race
// memcpy reads its whole source.
#include "../support/order.h"
#include <cstring>
char source[256], target[256];
volatile unsigned long size = 200;

int main() {
  InTurn([] { source[150] = 1; },  // RACE
         [] {
#if BUG
           std::memcpy(target, source, size);  // RACE
#else
           std::memcpy(target, source, size - 100);
#endif
         });
}
