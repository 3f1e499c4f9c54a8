// KIND: data-race
// What programs define: suppressions, options, and what is called at start and at the end.
#include <sanitizer/tsan_interface.h>
#include <stdlib.h>

#include "../support/order.h"

int data, started;

extern "C" {
UNSEEN const char* __tsan_default_suppressions() { return BUG ? "" : "# known\nrace:Known\n"; }
UNSEEN const char* __tsan_default_options() { return "flush_memory_ms=1 exitcode=66"; }
UNSEEN void __tsan_on_initialize() { started = 1; }
UNSEEN int __tsan_on_finalize(int failed) { return failed; }
}

__attribute__((noinline)) void Known() {
  data++;  // RACE
}

int main() {
  if (started != 1) return 3;
  InTurn([] { Known(); }, [] { Known(); });
}
