// Goroutines take turns on one thread for more epochs than a few slots have at a time. Nobody ever waits for
// a thread, and there is no second one, but the shadow must be swept all the same. With child=1 all of it is
// done in a forked child, and with alone=1 the child is one thread that makes another in the end.
// With bug=1 what was written last, and never before, is written by one who does not know of it.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>

#include "../e2e/support/goroutine.h"
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long rounds;
static bool bug;
static bool alone;
static long table[1024];
static long late[1024];
static int over;

__attribute__((noinline)) static void WriteOfTheFirst(long i) {
  (i < rounds - 1024 ? table : late)[i & 1023]++;
}
__attribute__((noinline)) static void WriteOfTheSecond() {
  for (long& value : late) value = 0;
}

__attribute__((noinline)) static void Work(void* kind) {
  for (long i = 0; i < rounds; i++) {
    pthread_mutex_lock(&lock);
    WriteOfTheFirst(i);
    pthread_mutex_unlock(&lock);
    if (kind != nullptr && (i & 0xFFFF) == 0) Leave();
  }
}
__attribute__((noinline)) static void Overwrite(void*) {
  if (running != nullptr) ParkGoroutine(&over);
  if (!bug) pthread_mutex_lock(&lock);
  WriteOfTheSecond();
  if (!bug) pthread_mutex_unlock(&lock);
}

static void InTurns() {
  int goroutine = 0;
  Go(Work, &goroutine);
  Go(Work, &goroutine);
  Go(Overwrite);
  RunAll();
  over = 1;
  RunAll();
}

// Of one thread all that it did is known to those whom it makes, but not what it does then.
static void Alone() {
  Work(nullptr);
  const pthread_t second = StartThread(
      +[](void*) -> void* {
        AwaitStep(1);
        Overwrite(nullptr);
        return nullptr;
      },
      nullptr);
  rounds = 1024;
  Work(nullptr);
  ReachStep(1);
  pthread_join(second, nullptr);
}

static int InChild(void (*act)()) {
  const pid_t child = fork();
  if (child == 0) {
    act();
    exit(0);
  }
  int status = 1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char** argv) {
  bug = Argument(argc, argv, "bug", 0) != 0;
  alone = Argument(argc, argv, "alone", 0) != 0;
  rounds = Argument(argc, argv, "rounds", 8'000'000);
  if (Argument(argc, argv, "child", 0) == 0) return InTurns(), 0;
  // So that the child is made by a program that has had threads.
  pthread_join(StartThread(+[](void*) -> void* { return nullptr; }, nullptr), nullptr);
  return InChild(alone ? Alone : InTurns);
}
