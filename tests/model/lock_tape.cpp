// Runs one lock program: its steps, each by its thread, in the order in which they stand on standard input.
// Which step is next is told by raw atomics that no check sees, so only what the steps do orders the threads.
//
//   THREAD OPERATION OBJECT
//
// The addresses of the locks come first on standard output: a line for mutexes, one for reader/writer locks.
#include <pthread.h>
#include <sched.h>

#include <cstdio>
#include <string_view>

namespace {

#define UNSEEN __attribute__((disable_sanitizer_instrumentation, noinline))

constexpr int kSteps = 400;
constexpr int kObjects = 8;

struct Step {
  int thread;
  char operation[16];
  int object;
};

Step steps[kSteps];
int count;
int now;

pthread_mutex_t mutexes[kObjects];
pthread_rwlock_t rwlocks[kObjects];
long plain[kObjects];
long atomic[kObjects];
pthread_t threads[kObjects];
long sum[kObjects][16];

UNSEEN int Now() { return __atomic_load_n(&now, __ATOMIC_ACQUIRE); }
UNSEEN void Next() { __atomic_fetch_add(&now, 1, __ATOMIC_RELEASE); }
UNSEEN const Step* StepAt(int i) { return &steps[i]; }
UNSEEN int Count() { return count; }

void* Run(void* thread);

__attribute__((noinline)) void Do(long self, std::string_view operation, long object) {
  if (operation == "lock") pthread_mutex_lock(&mutexes[object]);
  if (operation == "unlock") pthread_mutex_unlock(&mutexes[object]);
  if (operation == "try") pthread_mutex_trylock(&mutexes[object]);
  if (operation == "rdlock") pthread_rwlock_rdlock(&rwlocks[object]);
  if (operation == "wrlock") pthread_rwlock_wrlock(&rwlocks[object]);
  if (operation == "rwunlock") pthread_rwlock_unlock(&rwlocks[object]);
  if (operation == "write") plain[object] += 1;
  if (operation == "read") sum[self][0] += plain[object];
  if (operation == "store") __atomic_store_n(&atomic[object], 1, __ATOMIC_RELEASE);
  if (operation == "load") sum[self][1] += __atomic_load_n(&atomic[object], __ATOMIC_ACQUIRE);
  if (operation == "own") sum[self][2]++;
  if (operation == "spawn") {
    pthread_create(&threads[object], nullptr, Run, reinterpret_cast<void*>(object));
  }
  if (operation == "join") pthread_join(threads[object], nullptr);
}

UNSEEN void* Run(void* thread) {
  const long self = reinterpret_cast<long>(thread);
  for (int i = 0; i < Count(); i++) {
    const Step* step = StepAt(i);
    if (step->thread != self) continue;
    while (Now() != i) sched_yield();
    Do(self, step->operation, step->object);
    Next();
  }
  return nullptr;
}

}  // namespace

int main() {
  for (auto& m : mutexes) pthread_mutex_init(&m, nullptr);
  for (auto& l : rwlocks) pthread_rwlock_init(&l, nullptr);
  for (auto& m : mutexes) std::printf("%p ", static_cast<void*>(&m));
  std::printf("\n");
  for (auto& l : rwlocks) std::printf("%p ", static_cast<void*>(&l));
  std::printf("\n");
  std::fflush(stdout);
  while (count < kSteps && std::scanf("%d %15s %d", &steps[count].thread, steps[count].operation,
                                      &steps[count].object) == 3) {
    count++;
  }
  Run(nullptr);
}
