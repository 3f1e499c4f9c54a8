// KIND: data-race
// memset writes its whole range.
#include "../support/order.h"
#include <cstring>
char buffer[256];
volatile unsigned long size = 200;
volatile char seen;

int main() {
  InTurn([] { seen = buffer[120]; },  // RACE
         [] {
#if BUG
           std::memset(buffer, 0, size);  // RACE
#else
           std::memset(buffer, 0, size - 100);
#endif
         });
}
