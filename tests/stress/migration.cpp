// Contexts (swapcontext) that are resumed now by one thread, now by the other. A mutex around the queue
// orders the slices of a context, so nothing races; frames of instrumented functions are left open
// on one thread and closed on the other. With bug=1 each context also writes a variable of another
// without a lock, and one finding at least is expected.
#include <ucontext.h>
#include "support.h"

constexpr int kContexts = 8;
constexpr int kStack = 64 << 10;

struct Context {
  ucontext_t here;
  ucontext_t* scheduler;
  long work;
  bool done;
};

static Context contexts[kContexts];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int queue[kContexts];
static int queued;
static long rounds;
static bool bug;
int loose;

__attribute__((noinline)) static void Pause(Context* c) { swapcontext(&c->here, c->scheduler); }

__attribute__((noinline)) static void Deep(Context* c, int depth) {
  c->work++;
  if (depth > 0) Deep(c, depth - 1);
  Pause(c);
  c->work++;
}

static void Body(int number) {
  Context* c = &contexts[number];
  for (long i = 0; i < rounds; i++) {
    Deep(c, static_cast<int>(i % 7));
    if (bug) loose = number;
  }
  c->done = true;
  Pause(c);
}

static int Take() {
  pthread_mutex_lock(&lock);
  const int number = queued > 0 ? queue[0] : -1;
  if (number >= 0) {
    for (int i = 1; i < queued; i++) queue[i - 1] = queue[i];
    queued--;
  }
  pthread_mutex_unlock(&lock);
  return number;
}

static void PutBack(int number) {
  pthread_mutex_lock(&lock);
  queue[queued++] = number;
  pthread_mutex_unlock(&lock);
}

static int unfinished = kContexts;

static void* Run(void*) {
  ucontext_t self;
  for (;;) {
    const int number = Take();
    if (number < 0) {
      if (__atomic_load_n(&unfinished, __ATOMIC_ACQUIRE) == 0) return nullptr;
      sched_yield();
      continue;
    }
    Context* c = &contexts[number];
    c->scheduler = &self;
    swapcontext(&self, &c->here);
    if (c->done) {
      __atomic_fetch_sub(&unfinished, 1, __ATOMIC_ACQ_REL);
    } else {
      PutBack(number);
    }
  }
}

int main(int argc, char** argv) {
  rounds = Argument(argc, argv, "rounds", 2000);
  bug = Argument(argc, argv, "bug", 0) != 0;
  for (int i = 0; i < kContexts; i++) {
    getcontext(&contexts[i].here);
    contexts[i].here.uc_stack.ss_sp = malloc(kStack);
    contexts[i].here.uc_stack.ss_size = kStack;
    makecontext(&contexts[i].here, reinterpret_cast<void (*)()>(Body), 1, i);
    PutBack(i);
  }
  const pthread_t a = StartThread(Run, nullptr);
  const pthread_t b = StartThread(Run, nullptr);
  pthread_join(a, nullptr);
  pthread_join(b, nullptr);
  long work = 0, expected = 0;
  for (const Context& c : contexts) work += c.work;
  for (long i = 0; i < rounds; i++) expected += kContexts * 2 * (i % 7 + 1);
  Expect(work == expected, "lost work");
}
