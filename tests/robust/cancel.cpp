// Threads that allow asynchronous cancellation are cancelled in the middle of whatever they do: checks and
// atomic operations. Nothing stays locked, and their memory is used again.
#include <pthread.h>
#include <stdlib.h>

#include <atomic>

#include "../e2e/support/order.h"

static std::atomic<long> shared;
static int started;
static thread_local long mine[64];
static long spread[1 << 14];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

UNSEEN static void Start() { __atomic_fetch_add(&started, 1, __ATOMIC_RELEASE); }
UNSEEN static void AwaitStart(int n) {
  while (__atomic_load_n(&started, __ATOMIC_ACQUIRE) < n) sched_yield();
}

static void* Work(void*) {
  int old;
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
  Start();
  for (unsigned i = 0;; i++) {
    mine[i % 64]++;
    shared.fetch_add(1);
    shared.load(std::memory_order_acquire);
    volatile long* at = &spread[(i * 64) % (1 << 14)];
    (void)*at;
  }
}

int main() {
  for (int i = 0; i < 60; i++) {
    pthread_t thread;
    pthread_create(&thread, nullptr, Work, nullptr);
    AwaitStart(i + 1);
    pthread_cancel(thread);
    void* result = nullptr;
    pthread_join(thread, &result);
    if (result != PTHREAD_CANCELED) return 2;
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
  }
}
