// KIND: data-race
// std::call_once orders all callers.
#include "../support/order.h"
#include <mutex>
std::once_flag once;
int value;
volatile int seen;

int main() {
  InTurn([] { std::call_once(once, [] { value = 1; }); },  // RACE
         [] {
#if !BUG
           std::call_once(once, [] { value = 1; });
#endif
           seen = value;  // RACE
         });
}
