// KIND: data-race
// A program's own allocator hands out memory that others used before.
#include "../support/order.h"

extern "C" void AnnotateNewMemory(const char*, int, const volatile void*, unsigned long);

long pool[8];

int main() {
  InTurn([] { pool[3] = 1; },  // RACE
         [] {
           if (!BUG) AnnotateNewMemory(__FILE__, __LINE__, pool, sizeof(pool));
           pool[3] = 2;  // RACE
         });
}
