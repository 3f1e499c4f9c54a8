// 1 000 threads alive at once: each does locked work, all wait at a barrier, and each reads what the
// others did; twice. With bug=1 the threads numbered `first` and `second` also write one variable between
// the barriers, in this order.
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;
static long sum;
long shared;
static bool bug;
static long first, second;

__attribute__((noinline)) static void WriteOfTheFirst() { shared = 1; }
__attribute__((noinline)) static void WriteOfTheSecond() { shared = 2; }

static void LockedWork(long me) {
  pthread_mutex_lock(&lock);
  sum += me;
  pthread_mutex_unlock(&lock);
}

static void* Work(void* number) {
  const long me = *static_cast<long*>(number);
  LockedWork(me);
  pthread_barrier_wait(&barrier);
  const long once = sum;
  pthread_barrier_wait(&barrier);
  if (bug && me == first) {
    WriteOfTheFirst();
    ReachStep(1);
  }
  if (bug && me == second) {
    AwaitStep(1);
    WriteOfTheSecond();
  }
  LockedWork(me);
  pthread_barrier_wait(&barrier);
  return reinterpret_cast<void*>(sum == 2 * once ? once : -1);
}

int main(int argc, char** argv) {
  const long count = Argument(argc, argv, "threads", 1000);
  bug = Argument(argc, argv, "bug", 0) != 0;
  first = Argument(argc, argv, "first", 1);
  second = Argument(argc, argv, "second", 2);
  pthread_barrier_init(&barrier, nullptr, static_cast<unsigned>(count));
  auto* numbers = static_cast<long*>(malloc(sizeof(long) * static_cast<size_t>(count)));
  auto* threads = static_cast<pthread_t*>(malloc(sizeof(pthread_t) * static_cast<size_t>(count)));
  for (long i = 0; i < count; i++) {
    numbers[i] = i;
    threads[i] = StartThread(Work, &numbers[i]);
  }
  for (long i = 0; i < count; i++) {
    void* seen = nullptr;
    pthread_join(threads[i], &seen);
    Expect(reinterpret_cast<long>(seen) == count * (count - 1) / 2, "lost work");
  }
}
