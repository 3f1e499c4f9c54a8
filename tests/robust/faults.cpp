// Faults keep their meaning. usage: faults WHAT; run.py says how each must end. With "handled" behind it the
// program's own handler, on an alternate stack, must be called and ends the program with 42.
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <initializer_list>

static volatile int zero;
static int* volatile null_pointer;
static sigjmp_buf place;
static bool jumps;

__attribute__((noinline)) static int Overflow(volatile int* below) {
  volatile int here[256];
  here[0] = *below + 1;
  return Overflow(here) + here[0];
}
static void* OverflowThread(void*) {
  volatile int start = 0;
  Overflow(&start);
  return nullptr;
}
static void* NullThread(void*) {
  *null_pointer = 1;
  return nullptr;
}
static void Handle(int) {
  if (jumps) siglongjmp(place, 1);
  _exit(42);
}

static void Do(const char* what) {
  volatile int start = 1;
  pthread_t thread;
  if (strcmp(what, "read") == 0) exit(*null_pointer);
  if (strcmp(what, "write") == 0) *null_pointer = 1;
  if (strcmp(what, "wild") == 0) *reinterpret_cast<volatile int*>(0x123456789000) = 1;
  if (strcmp(what, "noncanonical") == 0) *reinterpret_cast<volatile int*>(0xdead000000000000) = 1;
  if (strcmp(what, "string") == 0) exit(static_cast<int>(strlen(const_cast<char*>(
      reinterpret_cast<volatile char*>(null_pointer)))));
  if (strcmp(what, "divide") == 0) exit(start / zero);
  if (strcmp(what, "abort") == 0) abort();
  if (strcmp(what, "trap") == 0) __builtin_trap();
  if (strcmp(what, "overflow") == 0) Overflow(&start);
  if (strcmp(what, "thread_overflow") == 0) {
    pthread_create(&thread, nullptr, OverflowThread, nullptr);
    pthread_join(thread, nullptr);
  }
  if (strcmp(what, "thread_write") == 0) {
    pthread_create(&thread, nullptr, NullThread, nullptr);
    pthread_join(thread, nullptr);
  }
}

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const char* how = argc > 2 ? argv[2] : "";
  jumps = strcmp(how, "jumps") == 0;
  if (how[0] != 0) {
    stack_t stack = {};
    stack.ss_size = 64 << 10;
    stack.ss_sp = malloc(stack.ss_size);
    sigaltstack(&stack, nullptr);
    struct sigaction action = {};
    action.sa_handler = Handle;
    action.sa_flags = SA_ONSTACK;
    for (int s : {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL}) sigaction(s, &action, nullptr);
  }
  if (jumps) {
    for (volatile int i = 0; i < 100; i = i + 1) {
      if (sigsetjmp(place, 1) == 0) Do(argv[1]);
    }
    return 43;
  }
  Do(argv[1]);
  return 1;
}
