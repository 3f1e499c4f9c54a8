// A thread that is cancelled while it waits in pthread_join goes on in its cleanup handlers: it runs, so what
// it does there races as ever. With the argument "clean" both writes are locked.
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <mutex>

#include "../e2e/support/order.h"

static int data;
static bool clean;
static std::mutex mutex;

static void Write() {
  if (clean) {
    std::lock_guard<std::mutex> guard(mutex);
    data++;
  } else {
    data++;
  }
}
static void* Sleeper(void*) {
  AwaitStep(3);
  return nullptr;
}
static void Cleanup(void*) {
  AwaitStep(2);
  Write();
}
static void* Joiner(void* sleeper) {
  pthread_cleanup_push(Cleanup, nullptr);
  ReachStep(1);
  pthread_join(*static_cast<pthread_t*>(sleeper), nullptr);
  pthread_cleanup_pop(0);
  return nullptr;
}

int main(int argc, char** argv) {
  clean = argc > 1 && strcmp(argv[1], "clean") == 0;
  pthread_t sleeper;
  pthread_t joiner;
  pthread_create(&sleeper, nullptr, Sleeper, nullptr);
  pthread_create(&joiner, nullptr, Joiner, &sleeper);
  AwaitStep(1);
  pthread_cancel(joiner);
  Write();
  ReachStep(2);
  void* result = nullptr;
  pthread_join(joiner, &result);
  ReachStep(3);
  pthread_join(sleeper, nullptr);
  return result == PTHREAD_CANCELED ? 0 : 2;
}
