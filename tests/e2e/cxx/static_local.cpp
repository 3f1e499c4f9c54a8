// KIND: data-race
// The guard of a function-local static orders its users.
#include "../support/order.h"
struct Config {
  int value;
  Config() { value = 7; }
};
int plain;

static Config& Get() {
  static Config config;
  return config;
}

int main() {
  InTurn(
      [] {
        volatile int seen = Get().value;
        (void)seen;
        plain = 1;  // RACE
      },
      [] {
        volatile int seen = Get().value;
        (void)seen;
#if BUG
        plain = 2;  // RACE
#endif
      });
}
