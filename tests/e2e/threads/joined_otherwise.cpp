// KIND: data-race
// Every way of joining a thread is ordered after all that it did.
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "../support/order.h"

constexpr int kWays = 3;
int data[kWays];

void* Work(void* number) {
  const long n = reinterpret_cast<long>(number);
  data[n] = 1;  // RACE
  ReachStep(static_cast<int>(n) + 1);
  return nullptr;
}

int main() {
  for (int i = 0; i < kWays; i++) {
    pthread_t thread;
    pthread_create(&thread, nullptr, Work, reinterpret_cast<void*>(static_cast<long>(i)));
    AwaitStep(i + 1);
    if (BUG) data[i] = 2;  // RACE
    timespec late;
    clock_gettime(CLOCK_REALTIME, &late);
    late.tv_sec += 60;
    if (i == 0) {
      while (pthread_tryjoin_np(thread, nullptr) != 0) sched_yield();
    }
    if (i == 1 && pthread_timedjoin_np(thread, nullptr, &late) != 0) return 2;
    if (i == 2 && pthread_clockjoin_np(thread, nullptr, CLOCK_REALTIME, &late) != 0) return 3;
    if (!BUG) data[i] = 2;
  }
}
