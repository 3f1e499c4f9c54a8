// KIND: data-race
// Also what libraries look for before they annotate themselves.
#include <sanitizer/tsan_interface.h>

#include "../support/order.h"

#if !defined(__SANITIZE_THREAD__) || !__has_feature(thread_sanitizer)
#error "libraries would not annotate themselves"
#endif
#ifndef __SANITIZE_CONCURRENCY__
#error "programs cannot tell"
#endif

int data;
char where;

int main() {
  HandOver([] { data = 1; },  // RACE
           [] { __tsan_release(&where); }, [] { __tsan_acquire(&where); },
           [] { data++; });  // RACE
}
