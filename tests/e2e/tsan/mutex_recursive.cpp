// KIND: data-race
// A lock taken twice is free when it has been released twice, or once for all levels.
#include "lock.h"

Lock lock;
int data;
constexpr unsigned kReentrant = __tsan_mutex_write_reentrant;

int main() {
  __tsan_mutex_create(&lock, kReentrant);
  InTurn(
      [] {
        lock.Acquire(kReentrant);
        __tsan_mutex_pre_lock(&lock, kReentrant);
        __tsan_mutex_post_lock(&lock, kReentrant, 0);
        // As a monitor's wait: all levels at once, and all back.
        const int levels = __tsan_mutex_pre_unlock(&lock, __tsan_mutex_recursive_unlock);
        __tsan_mutex_post_unlock(&lock, 0);
        if (levels != 2) __builtin_trap();
        __tsan_mutex_pre_lock(&lock, kReentrant);
        __tsan_mutex_post_lock(&lock, kReentrant | __tsan_mutex_recursive_lock, levels);
        __tsan_mutex_pre_unlock(&lock, 0);
        __tsan_mutex_post_unlock(&lock, 0);
        if (!BUG) data++;
        lock.Release();
        if (BUG) data++;  // RACE
      },
      [] {
        lock.Acquire(kReentrant);
        data++;  // RACE
        lock.Release();
      });
}
