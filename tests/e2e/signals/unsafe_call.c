// KIND: signal-unsafe-call
// A signal comes in the middle of fflush, and its handler prints. What may print otherwise is write, and a
// handler that interrupts nothing unsafe.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void Handle(int number) {
  (void)number;
  if (BUG) {
    fputs("rung\n", stderr);  // RACE
    fputs("rung again\n", stderr);
  } else if (write(2, "rung\n", 5) != 5) {
    _exit(1);
  }
}
static void Print(int number) {
  (void)number;
  fputs("rung\n", stderr);
}

static ssize_t Write(void* cookie, const char* from, size_t size) {
  (void)cookie;
  (void)from;
  raise(SIGUSR1);
  return (ssize_t)size;
}

int main(void) {
  signal(SIGUSR1, Handle);
  signal(SIGUSR2, Print);
  cookie_io_functions_t functions = {0, Write, 0, 0};
  FILE* stream = fopencookie(0, "w", functions);
  fputs("text", stream);
  fflush(stream);
  raise(SIGUSR2);
  return fclose(stream);
}
