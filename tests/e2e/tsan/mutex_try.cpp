// KIND: data-race
// A try that fails orders nothing; one that succeeds does.
#include "lock.h"

Lock lock;
int data;

int main() {
  InTurn(
      [] {
        lock.Acquire();
        data++;  // RACE
        lock.Release();
        if (BUG) lock.Take(false);  // by nobody that is described
      },
      [] {
        const bool taken = lock.Try();
        data++;  // RACE
        if (taken) lock.Release();
      });
}
