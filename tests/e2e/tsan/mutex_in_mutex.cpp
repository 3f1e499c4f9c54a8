// KIND: data-race
// A lock that takes another one within its own doing, as one does that allocates: that order counts.
#include "lock.h"

Lock outer, inner;
int data;

int main() {
  InTurn(
      [] {
        inner.Acquire();
        data++;  // RACE
        inner.Release();
      },
      [] {
        __tsan_mutex_pre_lock(&outer, 0);
        if (!BUG) inner.Acquire();
        if (!BUG) inner.Release();
        __tsan_mutex_post_lock(&outer, 0, 0);
        data++;  // RACE
        outer.Release();
      });
}
