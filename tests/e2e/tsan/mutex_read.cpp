// KIND: data-race
// Readers do not order readers: a write under a read lock races with a read under one.
#include "lock.h"

Lock lock;
int data;

int main() {
  InTurn(
      [] {
        lock.Acquire(BUG ? __tsan_mutex_read_lock : 0);
        data++;  // RACE
        lock.Release(BUG ? __tsan_mutex_read_lock : 0);
      },
      [] {
        lock.Acquire(__tsan_mutex_read_lock);
        volatile int seen = data;  // RACE
        (void)seen;
        lock.Release(__tsan_mutex_read_lock);
      });
  // And a writer is ordered after readers.
  InTurn(
      [] {
        lock.Acquire(__tsan_mutex_read_lock);
        volatile int seen = data;
        (void)seen;
        lock.Release(__tsan_mutex_read_lock);
      },
      [] {
        lock.Acquire();
        data++;
        lock.Release();
      });
}
