// Two threads take up to 40 of 1 024 locks, nested, and change what these guard: the history is made of
// sections that begin with many locks, most of them dead soon, and is swept all the time. bug=1: a
// write before all that races with one after it of a third thread.
#include "support.h"

constexpr unsigned kLocks = 1024;
static pthread_mutex_t locks[kLocks];
static long guarded[kLocks][8];
static long rounds;
static bool bug;
int shared;

__attribute__((noinline)) static void WriteOfTheFirst() { shared = 1; }
__attribute__((noinline)) static void WriteOfTheSecond() { shared = 2; }

__attribute__((noinline)) static void Churn(unsigned seed) {
  for (long i = 0; i < rounds; i++) {
    seed = seed * 1664525 + 1013904223;
    const unsigned depth = (seed >> 8) % 64 == 0 ? 40 : 1 + (seed >> 12) % 4;
    const unsigned first = (seed >> 20) % (kLocks - depth + 1);
    for (unsigned k = 0; k < depth; k++) pthread_mutex_lock(&locks[first + k]);
    for (unsigned k = 0; k < 8; k++) {
      guarded[first][k] += i;
      guarded[first + depth - 1][k] -= 1;
    }
    for (unsigned k = depth; k-- > 0;) pthread_mutex_unlock(&locks[first + k]);
  }
}

static void* First(void*) {
  WriteOfTheFirst();
  Churn(1);
  ReachStep(1);
  return nullptr;
}

static void* Second(void*) {
  Churn(2);
  return nullptr;
}

static void* Third(void*) {
  AwaitStep(1);
  if (bug) WriteOfTheSecond();
  return nullptr;
}

int main(int argc, char** argv) {
  rounds = Argument(argc, argv, "rounds", 800000);
  bug = Argument(argc, argv, "bug", 0) != 0;
  for (pthread_mutex_t& lock : locks) pthread_mutex_init(&lock, nullptr);
  pthread_t threads[3];
  threads[0] = StartThread(First, nullptr);
  threads[1] = StartThread(Second, nullptr);
  threads[2] = StartThread(Third, nullptr);
  for (const pthread_t thread : threads) pthread_join(thread, nullptr);
}
