// KIND: data-race
// Cancellation in blocking calls and in the middle of hooks; what the threads did is ordered by the join.
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "../support/order.h"

std::atomic<int> busy[4], started;
int data;
sem_t never;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
pthread_key_t key;

void* Loops(void*) {
  started++;
  data++;  // RACE
  ReachStep(1);
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, nullptr);
  for (;;) {
    for (auto& b : busy) b.fetch_add(1);
  }
}
void* WaitsForPost(void*) {
  started++;
  sem_wait(&never);
  return nullptr;
}
void* WaitsForSignal(void*) {
  pthread_setspecific(key, new std::string(100, 'k'));
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push([](void*) { pthread_mutex_unlock(&mutex); }, nullptr);
  started++;
  for (;;) pthread_cond_wait(&condition, &mutex);
  pthread_cleanup_pop(0);
  return nullptr;
}
void* Sleeps(void*) {
  started++;
  for (;;) pause();
}

int main() {
  sem_init(&never, 0, 0);
  pthread_key_create(&key, [](void* value) { delete static_cast<std::string*>(value); });
  void* (*const functions[])(void*) = {Loops, WaitsForPost, WaitsForSignal, Sleeps};
  for (int round = 0; round < 3; round++) {
    for (auto function : functions) {
      started = 0;
      pthread_t thread;
      pthread_create(&thread, nullptr, function, nullptr);
      while (started == 0) usleep(100);
      pthread_cancel(thread);
      void* result = nullptr;
#if BUG
      AwaitStep(1);
      if (function == Loops) data++;  // RACE
#endif
      pthread_join(thread, &result);
      if (result != PTHREAD_CANCELED) return 2;
      if (function == Loops) data++;
    }
  }
  if (data < 6) return 3;
}
