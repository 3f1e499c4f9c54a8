// KIND: data-race
// A plain access to memory that others access atomically.
#include "../support/order.h"
int value;
volatile int seen;

int main() {
  InTurn([] { __atomic_store_n(&value, 1, __ATOMIC_SEQ_CST); },  // RACE
         [] {
#if BUG
           seen = value;  // RACE
#else
           seen = __atomic_load_n(&value, __ATOMIC_SEQ_CST);
#endif
         });
}
