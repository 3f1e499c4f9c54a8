// KIND: deadlock
// FLAGS: -D_GNU_SOURCE
// A child that has the open file too may give its lock back; one that has closed it may not.
#include <sys/file.h>
#include <sys/wait.h>

#include "../support/last_step.h"
#include "../support/locked_file.h"

int main(void) {
  const int file = NewFile();
  flock(file, LOCK_EX);  // RACE
  int ready[2];
  if (pipe(ready) != 0) return 1;
  const pid_t child = fork();
  if (child == 0) {
    if (BUG) close(file);
    if (write(ready[1], "", 1) != 1) _exit(1);
    sleep(1);
    if (!BUG) flock(file, LOCK_UN);
    _exit(0);
  }
  char byte;
  if (read(ready[0], &byte, 1) != 1) return 1;
  const int own = OpenAgain(file);
  LastStep();
  flock(own, LOCK_EX);  // RACE
  return waitpid(child, 0, 0) != child;
}
