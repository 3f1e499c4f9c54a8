// KIND: data-race
// Copying a struct reads all of it.
#include "../support/order.h"
struct Point {
  long x, y, z;
};
Point from, other, to;

int main() {
  InTurn([] { from.y = 1; },  // RACE
         [] {
#if BUG
           to = from;  // RACE
#else
           to = other;
#endif
         });
  return static_cast<int>(to.x);
}
