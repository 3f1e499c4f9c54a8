// KIND: lock-order-inversion
// Locks of the program's own, which it describes; a described lock is not waited for when it is tried.
#include "../tsan/lock.h"

Lock first, second;

int main() {
  InTurn(
      [] {
        first.Acquire();
        second.Acquire();  // RACE
        second.Release();
        first.Release();
      },
      [] {
        second.Acquire();
        if (BUG) {
          first.Acquire();  // RACE
        } else if (!first.Try()) {
          return;
        }
        first.Release();
        second.Release();
      });
}
