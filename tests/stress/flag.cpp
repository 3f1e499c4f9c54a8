// One thread writes a fresh variable and then sets a flag, another looks at the flag and then at the
// variable, at the same moment, `trials` times: whoever sees the flag as it was must be found to race, and
// who sees it set must not, so the clock that a flag leaves belongs to the value that is read. strong: the
// store is sequentially consistent. In some trials one waits for the other, so that each is seen on a machine
// that has other work too.
#include "support.h"

static long trials;
static bool strong;
static long* variables;
alignas(64) static long flag;
alignas(64) static long arrived[2];

// Each waits until the other has come to the step too; one of them goes on some moments later.
UNSEEN static void Meet(int me, long step, long delay) {
  __atomic_store_n(&arrived[me], step, __ATOMIC_SEQ_CST);
  for (int spins = 0; __atomic_load_n(&arrived[1 - me], __ATOMIC_SEQ_CST) < step; spins++) {
    if (spins > 2000) sched_yield();
  }
  for (; delay > 0; delay--) __asm__ volatile("");
}

UNSEEN static void WaitFor(const long* at, long value) {
  while (__atomic_load_n(at, __ATOMIC_ACQUIRE) < value) sched_yield();
}

static void* Set(void*) {
  for (long i = 1; i <= trials; i++) {
    Meet(0, 2 * i - 1, i % 2 == 0 ? i / 2 % 4096 : 0);
    if (i % 16 == 0) WaitFor(&arrived[1], 2 * i);
    variables[i] = i;
    if (strong) {
      __atomic_store_n(&flag, i, __ATOMIC_SEQ_CST);
    } else {
      __atomic_store_n(&flag, i, __ATOMIC_RELEASE);
    }
    Meet(0, 2 * i, 0);
  }
  return nullptr;
}

static long early, missed, invented;

UNSEEN static void Judge(bool set, unsigned long races) {
  early += !set;
  missed += !set && races == 0;
  invented += set && races != 0;
}

static void* Look(void*) {
  long sum = 0;
  for (long i = 1; i <= trials; i++) {
    const unsigned long before = __csan_race_count();
    Meet(1, 2 * i - 1, i % 2 != 0 ? i / 2 % 4096 : 0);
    if (i % 16 == 8) WaitFor(&flag, i);
    const bool set = __atomic_load_n(&flag, __ATOMIC_ACQUIRE) == i;
    sum += variables[i];
    Meet(1, 2 * i, 0);
    Judge(set, __csan_race_count() - before);
  }
  __asm__ volatile("" : : "r"(sum));
  return nullptr;
}

int main(int argc, char** argv) {
  trials = Argument(argc, argv, "trials", 20000);
  strong = Argument(argc, argv, "strong", 0) != 0;
  variables = static_cast<long*>(calloc(static_cast<size_t>(trials) + 1, sizeof(long)));
  const pthread_t a = StartThread(Set, nullptr);
  const pthread_t b = StartThread(Look, nullptr);
  pthread_join(a, nullptr);
  pthread_join(b, nullptr);
  printf("early %ld of %ld, missed %ld, invented %ld\n", early, trials, missed, invented);
}
