// KIND: thread-leak
// Threads created in a loop, that nobody joins; detached or joined they are no leak.
#include <pthread.h>

static void* Nothing(void* argument) { return argument; }

int main() {
  pthread_attr_t attr;
  pthread_attr_init(&attr);
  if (!BUG) pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
  pthread_t last;
  for (int i = 0; i < 5; i++) {
    pthread_create(&last, &attr, Nothing, nullptr);  // RACE
  }
  pthread_t joined;
  pthread_create(&joined, nullptr, Nothing, nullptr);
  pthread_join(joined, nullptr);
  // So that those have ended, they get on first.
  for (int i = 0; i < 100; i++) {
    pthread_create(&joined, nullptr, Nothing, nullptr);
    pthread_join(joined, nullptr);
  }
}
