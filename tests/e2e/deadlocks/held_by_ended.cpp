// KIND: deadlock
// A lock whose holder has ended is waited for by the last thread. A robust one tells its next owner.
#include <pthread.h>

#include <cerrno>
#include <thread>

pthread_mutex_t mutex;

int main() {
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_setrobust(&attr, BUG ? PTHREAD_MUTEX_STALLED : PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&mutex, &attr);
  std::thread ends([] { pthread_mutex_lock(&mutex); });
  ends.join();
  const int got = pthread_mutex_lock(&mutex);  // RACE
  if (got == EOWNERDEAD) pthread_mutex_consistent(&mutex);
  pthread_mutex_unlock(&mutex);
}
