// KIND: data-race
// A library tells that its object is used: a write races with a read, reads do not race.
#include <sanitizer/tsan_interface.h>

#include "../support/order.h"

int object;
void* tag;

__attribute__((noinline)) void Look() {
  __tsan_external_read(&object, __builtin_return_address(0), tag);
}
__attribute__((noinline)) void Change() {
  __tsan_external_write(&object, __builtin_return_address(0), tag);
}

int main() {
  tag = __tsan_external_register_tag("thing");
  __tsan_external_register_header(tag, "race on a thing");
  __tsan_external_assign_tag(&object, tag);
  InTurn([] { Look(); volatile int after = 0; (void)after; },  // RACE
         [] {
           BUG ? Change() : Look();  // RACE
           volatile int after = 0;
           (void)after;
         });
}
