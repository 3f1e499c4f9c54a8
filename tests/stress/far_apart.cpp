// Two accesses race with `pairs` pairs of lock and unlock between them, all unrelated: other threads
// than the first one's, other data. Both stacks must still be told. bug=0: the first thread's write is
// published by a lock that the second takes.
#include "support.h"

static pthread_mutex_t mine = PTHREAD_MUTEX_INITIALIZER, theirs = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t published = PTHREAD_MUTEX_INITIALIZER;
static long work[2];
int shared;
static long pairs;
static bool bug;

__attribute__((noinline)) static void WriteOfTheFirst() { shared = 1; }
__attribute__((noinline)) static void WriteOfTheSecond() { shared = 2; }

static void Publish() {
  if (bug) return;
  pthread_mutex_lock(&published);
  pthread_mutex_unlock(&published);
}

__attribute__((noinline)) static void Churn(pthread_mutex_t* lock, long* data) {
  for (long i = 0; i < pairs; i++) {
    pthread_mutex_lock(lock);
    *data += i;
    pthread_mutex_unlock(lock);
  }
}

static void* First(void*) {
  WriteOfTheFirst();
  Publish();
  // The earlier thread goes on for as long: its own history must not push its write out.
  Churn(&mine, &work[0]);
  ReachStep(1);
  return nullptr;
}

static void* Second(void*) {
  Churn(&theirs, &work[1]);
  AwaitStep(1);
  Publish();
  WriteOfTheSecond();
  return nullptr;
}

int main(int argc, char** argv) {
  pairs = Argument(argc, argv, "pairs", 1000000) / 2;
  bug = Argument(argc, argv, "bug", 0) != 0;
  const pthread_t a = StartThread(First, nullptr);
  const pthread_t b = StartThread(Second, nullptr);
  pthread_join(a, nullptr);
  pthread_join(b, nullptr);
}
