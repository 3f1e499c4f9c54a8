// KIND: wait-two-mutexes
// One condition with two mutexes by turns is allowed: at no time do two threads wait with different ones.
#include <pthread.h>

#include "../support/blocked.h"

static pthread_mutex_t mutexes[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready[2];

static void* Wait(void* argument) {
  const long which = reinterpret_cast<long>(argument);
  TellTid();
  pthread_mutex_lock(&mutexes[which]);
  while (!ready[which]) pthread_cond_wait(&changed, &mutexes[which]);  // RACE
  pthread_mutex_unlock(&mutexes[which]);
  return nullptr;
}

static void Let(long which) {
  pthread_mutex_lock(&mutexes[which]);
  ready[which] = 1;
  pthread_mutex_unlock(&mutexes[which]);
  pthread_cond_broadcast(&changed);
}

int main() {
  pthread_t thread[2];
  for (long which = 0; which < 2; which++) {
    ForgetTid();
    pthread_create(&thread[which], nullptr, Wait, reinterpret_cast<void*>(which));
    AwaitBlocked();
    if (!BUG) Let(which);
    if (!BUG) pthread_join(thread[which], nullptr);
  }
  for (long which = 0; BUG && which < 2; which++) {
    Let(which);
    pthread_join(thread[which], nullptr);
  }
}
