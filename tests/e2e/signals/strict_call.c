// KIND: signal-unsafe-call
// OPTIONS: strict_handlers=1
// Asked to be strict, any unsafe call in a handler.
#include <signal.h>
#include <stdlib.h>

static void Handle(int number) {
  (void)number;
  if (BUG) {
    void* volatile block = malloc(8);  // RACE
    free(block);
  }
}

int main(void) {
  signal(SIGUSR1, Handle);
  raise(SIGUSR1);
  return 0;
}
