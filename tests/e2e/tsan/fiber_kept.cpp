// KIND: data-race
// A fiber's epoch goes on while others run, but not once a switch has released it: however many run in
// between.
#include <sanitizer/tsan_interface.h>

#include "../support/order.h"

constexpr unsigned kNoSync = __tsan_switch_to_fiber_no_sync;
constexpr int kOthers = 40;

void* others[kOthers];
int before[kOthers], after[kOthers], own[kOthers];

// Of what was done before the ordered switch each fiber knows, of what came later none does.
__attribute__((noinline)) void Look(int i) {
  before[i]++;
  own[i]++;
  if (BUG) after[i]++;  // RACE
}

__attribute__((noinline)) void Later(int i) {
  after[i]++;  // RACE
}

int main() {
  void* const home = __tsan_get_current_fiber();
  for (void*& other : others) other = __tsan_create_fiber(0);
  for (int& value : before) value++;
  // An ordered switch there, an unordered one back: the others learn of what was done, not the other way.
  for (void* other : others) {
    __tsan_switch_to_fiber(other, 0);
    __tsan_switch_to_fiber(home, kNoSync);
  }
  for (int i = 0; i < kOthers; i++) Later(i);
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < kOthers; i++) {
      __tsan_switch_to_fiber(others[i], kNoSync);
      Look(i);
      __tsan_switch_to_fiber(home, kNoSync);
    }
  }
  for (void* other : others) __tsan_destroy_fiber(other);
}
