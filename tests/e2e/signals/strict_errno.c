// KIND: errno-spoiled
// OPTIONS: strict_handlers=1
// A handler whose call fails, and that does not put errno back.
#include <errno.h>
#include <signal.h>
#include <unistd.h>

static void Handle(int number) {  // RACE
  (void)number;
  const int saved = errno;
  if (close(-1) == 0) _exit(1);
  if (!BUG) errno = saved;
}

int main(void) {
  signal(SIGUSR1, Handle);
  errno = 0;
  raise(SIGUSR1);
  return 0;
}
