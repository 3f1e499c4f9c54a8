// KIND: data-race
// Neighbouring bit fields share memory; a zero-width field separates them.
#include "../support/order.h"
struct Flags {
  int a : 4;
#if !BUG
  int : 0;
#endif
  int b : 4;
};
Flags flags;

int main() {
  InTurn([] { flags.a = 1; },   // RACE
         [] { flags.b = 1; });  // RACE
}
