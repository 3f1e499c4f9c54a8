// KIND: data-race
// STOCK: clang++-22 g++-12
// Sizes other than the word's, misaligned and volatile accesses, 16 bytes at once: each of six races
// is reported.
#include <stdlib.h>

#include <mutex>

#include "../support/order.h"

struct __attribute__((packed)) Odd {
  char one;
  short two;
  int four;
  long eight;
};
Odd odd;
volatile short often;
__int128 sixteen;
std::mutex mutex;
int reports;

extern "C" UNSEEN void __tsan_on_report(void*) { reports++; }

__attribute__((noinline)) void One() { odd.one++; }
__attribute__((noinline)) void Two() { odd.two++; }
__attribute__((noinline)) void Four() { odd.four++; }
__attribute__((noinline)) void Eight() { odd.eight++; }  // RACE
__attribute__((noinline)) void Often() { often = 1; }
__attribute__((noinline)) void Sixteen() { sixteen++; }

void Work() {
#if !BUG
  std::lock_guard<std::mutex> guard(mutex);
#endif
  One();
  Two();
  Four();
  Eight();
  Often();
  Sixteen();
}

UNSEEN int Reports() { return reports; }

int main() {
  InTurn([] { Work(); }, [] { Work(); });
  // Reads and writes of one variable may be reported apart.
  if (BUG != 0 && Reports() < 6) _Exit(3);
}
