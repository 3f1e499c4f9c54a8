// KIND: lock-order-inversion
// FLAGS: -fsanitize-concurrency-model={tests}/models/own.yaml
#include "../support/own.h"

own::Lock a, b;

int main() {
  InTurn(
      [] {
        a.Take();
        b.Take();  // RACE
        b.Give();
        a.Give();
      },
      [] {
        if (BUG) {
          b.Take();
          a.Take();  // RACE
          a.Give();
          b.Give();
        } else {
          // Who does not wait for the second has no order.
          b.Take();
          if (!a.Try()) __builtin_trap();
          a.Give();
          b.Give();
        }
      });
}
