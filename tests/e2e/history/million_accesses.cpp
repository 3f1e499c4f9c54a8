// KIND: data-race
// The older access lies a million accesses back.
#include "../support/order.h"
int value;
int other[1 << 16];

int main() {
  InTurn(
      [] {
        value = 1;  // RACE
        for (int i = 0; i < 1000000; i++) *static_cast<volatile int*>(&other[i & 0xFFFF]) = i;
      },
      [] {
#if BUG
        value = 2;  // RACE
#endif
      });
}
