// What a lock costs: alone, and nested in one to three others, uncontended, in a program with a second
// thread. Prints "NAME NANOSECONDS" for that many locks with their unlocks.
#include <pthread.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>

namespace {

constexpr int kDepth = 4;
pthread_mutex_t mutexes[kDepth] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                   PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
pthread_barrier_t end;
long shared;

void* Wait(void*) {
  pthread_barrier_wait(&end);
  return nullptr;
}

double Now() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

double NanosecondsOf(int depth, long rounds) {
  const double begin = Now();
  for (long i = 0; i < rounds; i++) {
    for (int d = 0; d < depth; d++) pthread_mutex_lock(&mutexes[d]);
    shared++;
    for (int d = depth; d-- > 0;) pthread_mutex_unlock(&mutexes[d]);
  }
  return (Now() - begin) / static_cast<double>(rounds);
}

// The best of ten: the machine may have other things to do.
double Best(int depth, long rounds) {
  double best = 1e9;
  for (int i = 0; i < 10; i++) {
    const double ns = NanosecondsOf(depth, rounds / 10);
    if (ns < best) best = ns;
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const long rounds = 20000L * (argc > 1 ? atol(argv[1]) : 100);
  pthread_t other;
  pthread_barrier_init(&end, nullptr, 2);
  pthread_create(&other, nullptr, Wait, nullptr);
  for (int depth = 1; depth <= kDepth; depth++) {
    std::printf("depth%d %.2f\n", depth, Best(depth, rounds));
  }
  pthread_barrier_wait(&end);
  pthread_join(other, nullptr);
}
