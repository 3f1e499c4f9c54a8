// KIND: thread-leak
// Threads that nobody joins.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "../support/order.h"

static pid_t ids[3];

UNSEEN static void TellId(pid_t* at) { __atomic_store_n(at, gettid(), __ATOMIC_RELEASE); }
// The kernel knows it no more.
UNSEEN static void AwaitEnd(const pid_t* at) {
  pid_t id;
  while ((id = __atomic_load_n(at, __ATOMIC_ACQUIRE)) == 0 || tgkill(getpid(), id, 0) == 0) sched_yield();
}

static void* Worker(void* argument) {
  TellId(argument);
  return argument;
}

int main(void) {
  pthread_t workers[3];
  for (int i = 0; i < 3; i++) pthread_create(&workers[i], 0, Worker, &ids[i]);  // RACE
  for (int i = 0; i < 3; i++) AwaitEnd(&ids[i]);
  for (int i = 0; i < 3 && !BUG; i++) {
    if (i == 1) {
      pthread_detach(workers[i]);
    } else {
      pthread_join(workers[i], 0);
    }
  }
  return 0;
}
