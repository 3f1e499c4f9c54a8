// KIND: data-race
// A described lock orders; the later access is made without it in the bug.
#include "lock.h"

Lock lock;
int data;

int main() {
  __tsan_mutex_create(&lock, 0);
  InTurn(
      [] {
        lock.Acquire();
        data++;  // RACE
        lock.Release();
      },
      [] {
        if (!BUG) lock.Acquire();
        data++;  // RACE
        if (!BUG) lock.Release();
      });
  __tsan_mutex_destroy(&lock, 0);
}
