// 10 000 threads, `batch` of them alive at once, each joined before the next batch. All work on one
// shared sum under a lock. With bug=1 the last one also writes what the first wrote without a lock; the
// first has not been joined (it hangs on until the end), so nothing orders the two. With locks=N each also
// takes so many locks that lie on its own stack and are never destroyed.
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long sum;
int firsts;
static bool bug;
static long locks;

__attribute__((noinline)) static void WriteOfTheFirst() { firsts = 1; }
__attribute__((noinline)) static void WriteOfTheLast() { firsts = 2; }

static void* First(void*) {
  WriteOfTheFirst();
  ReachStep(1);
  AwaitStep(2);
  return nullptr;
}

__attribute__((noinline)) static void TakeOwnLocks() {
  pthread_mutex_t own[128];
  for (long i = 0; i < locks; i++) {
    pthread_mutex_init(&own[i], nullptr);
    pthread_mutex_lock(&own[i]);
    pthread_mutex_unlock(&own[i]);
  }
}

static void* Work(void* last) {
  TakeOwnLocks();
  pthread_mutex_lock(&lock);
  sum++;
  pthread_mutex_unlock(&lock);
  if (last != nullptr && bug) WriteOfTheLast();
  return nullptr;
}

int main(int argc, char** argv) {
  const long count = Argument(argc, argv, "threads", 10000);
  const long batch = Argument(argc, argv, "batch", 1);
  bug = Argument(argc, argv, "bug", 0) != 0;
  locks = Argument(argc, argv, "locks", 0);
  const pthread_t first = StartThread(First, nullptr);
  AwaitStep(1);
  auto* threads = static_cast<pthread_t*>(malloc(sizeof(pthread_t) * static_cast<size_t>(batch)));
  long early = 0;
  for (long done = 0; done < count; done += batch) {
    for (long i = 0; i < batch; i++) {
      threads[i] = StartThread(Work, done + i + 1 == count ? &sum : nullptr);
    }
    for (long i = 0; i < batch; i++) pthread_join(threads[i], nullptr);
    if (done <= count / 10) early = PeakKiB();
  }
  free(threads);
  ReachStep(2);
  pthread_join(first, nullptr);
  Expect(sum == count, "lost work");
  printf("KiB early %ld late %ld\n", early, PeakKiB());
}
