// Two threads take turns under a lock for more epochs than a few slots have at a time: words of the shadow
// must be swept and told from those of later epochs. A third one knows what was written at first, and no
// more, and reads that again and again, in new epochs of its own. With bug=1 it writes what the others wrote
// last, and never before. Of others, holders=N, each has a slot and never lets it go.
#include <atomic>

#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t begun = PTHREAD_COND_INITIALIZER;
static bool early_written;
static std::atomic<bool> over{false};
static bool bug;
static long rounds;
static long early[1024];
static long table[1024];
static long late[1024];
static long held[64];
static std::atomic<long> turns{0};

__attribute__((noinline)) static void WriteOfTheFirst(long i) {
  (i < rounds - 1024 ? table : late)[i & 1023]++;
}
__attribute__((noinline)) static void WriteOfTheSecond() {
  for (long& value : late) value = 0;
}

static void* Work(void* writes_early) {
  for (long i = 0; i < rounds; i++) {
    pthread_mutex_lock(&lock);
    WriteOfTheFirst(i);
    if (writes_early != nullptr && i < 1024) early[i] = 1;
    if (writes_early != nullptr && i == 1024) {
      early_written = true;
      pthread_cond_signal(&begun);
    }
    pthread_mutex_unlock(&lock);
    if ((i & 15) == 0) turns++;
  }
  return nullptr;
}

static void* ReadOn(void*) {
  pthread_mutex_lock(&lock);
  while (!early_written) pthread_cond_wait(&begun, &lock);
  pthread_mutex_unlock(&lock);
  pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
  while (!over.load(std::memory_order_relaxed)) {
    pthread_mutex_lock(&own);
    long sum = 0;
    for (const long value : early) sum += value;
    Expect(sum == 1024, "wrong sum");
    pthread_mutex_unlock(&own);
  }
  pthread_mutex_lock(&lock);
  long sum = 0;
  for (long& value : table) sum += value, value = 0;
  for (long& value : late) sum += value, value = 0;
  Expect(sum == 2 * rounds, "lost work");
  pthread_mutex_unlock(&lock);
  return nullptr;
}

static void* Write(void*) {
  AwaitStep(1);
  WriteOfTheSecond();
  return nullptr;
}

static void* Hold(void* place) {
  *static_cast<long*>(place) = 1;
  while (!over.load(std::memory_order_relaxed)) sched_yield();
  return nullptr;
}

int main(int argc, char** argv) {
  bug = Argument(argc, argv, "bug", 0) != 0;
  rounds = Argument(argc, argv, "rounds", 8'000'000);
  const long holders = Argument(argc, argv, "holders", 0);
  pthread_t holder[64];
  for (long i = 0; i < holders; i++) holder[i] = StartThread(Hold, &held[i]);
  const pthread_t third = StartThread(bug ? Write : ReadOn, nullptr);
  const pthread_t first = StartThread(Work, &early);
  const pthread_t second = StartThread(Work, nullptr);
  pthread_join(first, nullptr);
  pthread_join(second, nullptr);
  over.store(true, std::memory_order_relaxed);
  ReachStep(1);
  pthread_join(third, nullptr);
  for (long i = 0; i < holders; i++) pthread_join(holder[i], nullptr);
  Expect(turns == 2 * ((rounds + 15) / 16), "lost turns");
}
