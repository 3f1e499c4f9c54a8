// KIND: data-race
#include <sanitizer/tsan_interface.h>

#include "../support/order.h"

int data;
char where;

int main() {
  HandOver([] { data = 1; },  // RACE
           [] { __tsan_release(&where); }, [] { __tsan_acquire(&where); },
           [] { data++; });  // RACE
}
