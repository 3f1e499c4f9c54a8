// KIND: signal-unsafe-call
// Signals at any time, and a handler that allocates: some come in the middle of malloc. Let through only
// where the program waits, they may.
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

static pthread_t main_thread;
static int handled;
static int go_on = 1;

static void Handle(int number) {
  (void)number;
  void* volatile block = malloc(16);  // RACE
  free(block);
  __atomic_add_fetch(&handled, 1, __ATOMIC_RELAXED);
}

static void* Send(void* argument) {
  for (int sent = 0; __atomic_load_n(&go_on, __ATOMIC_RELAXED);) {
    if (__atomic_load_n(&handled, __ATOMIC_RELAXED) < sent) {
      sched_yield();
    } else {
      pthread_kill(main_thread, SIGUSR1);
      sent++;
    }
  }
  return argument;
}

int main(void) {
  sigset_t usr1, none;
  sigemptyset(&none);
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &usr1, 0);
  signal(SIGUSR1, Handle);
  main_thread = pthread_self();
  pthread_t sender;
  pthread_create(&sender, 0, Send, 0);
  if (BUG) pthread_sigmask(SIG_UNBLOCK, &usr1, 0);
  while (__atomic_load_n(&handled, __ATOMIC_RELAXED) < 100) {
    void* volatile blocks[64];
    for (int i = 0; i < 64; i++) blocks[i] = malloc(64 + i);
    for (int i = 0; i < 64; i++) free(blocks[i]);
    if (!BUG) sigsuspend(&none);
  }
  __atomic_store_n(&go_on, 0, __ATOMIC_RELAXED);
  pthread_join(sender, 0);
  return 0;
}
