// KIND: data-race
// Goroutines that take turns on one thread are not ordered by that; what their creator did is before all.
#include "../support/goroutine.h"

int seen, mine[2];
TestLock lock;
int told;

__attribute__((noinline)) void Count() {
  __csan_own_begin();
  lock.Lock();
  __csan_own_end();
  if (!BUG) __csan_locked(&lock, 0);
  told++;  // RACE
  if (!BUG) __csan_unlocking(&lock, 0);
  lock.Unlock();
}
void Work(void* which) {
  for (int i = 0; i < 50; i++) {
    mine[reinterpret_cast<long>(which)] += seen;
    Leave();
    Count();
  }
}

int main() {
  seen = 1;
  Go(Work, nullptr);
  Go(Work, reinterpret_cast<void*>(1));
  RunAll();
  return told == 100 && seen == 1 ? 0 : 3;
}
