// KIND: deadlock
// FLAGS: -D_GNU_SOURCE
// A lock that another process has taken, by an open file of its own: that one ends some time.
#include <sys/file.h>
#include <sys/wait.h>

#include "../support/last_step.h"
#include "../support/locked_file.h"

int main(void) {
  const int file = NewFile();
  int ready[2];
  if (pipe(ready) != 0) return 1;
  const pid_t child = fork();
  if (child == 0) {
    const int theirs = OpenAgain(file);
    if (!BUG) flock(theirs, LOCK_EX);
    if (write(ready[1], "", 1) != 1) _exit(1);
    sleep(1);
    _exit(0);
  }
  char byte;
  if (read(ready[0], &byte, 1) != 1) return 1;
  const int mine = OpenAgain(file);
  if (BUG) flock(mine, LOCK_EX);  // RACE
  const int again = OpenAgain(file);
  LastStep();
  flock(again, LOCK_SH);  // RACE
  return waitpid(child, 0, 0) != child;
}
