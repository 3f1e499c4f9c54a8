// KIND: unlock-wrong-mode
// A lock that describes itself, taken for writing and given back for reading.
#include "lock.h"

Lock lock;
int releases;

int main() {
  lock.Acquire(__tsan_mutex_read_lock);
  lock.Release(__tsan_mutex_read_lock);
  lock.Acquire();
  lock.Release(BUG ? __tsan_mutex_read_lock : 0);  // RACE
  releases++;
}
