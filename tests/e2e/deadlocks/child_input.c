// KIND: deadlock
// All but one thread wait for each other, and that one for a child process.
#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

static sem_t got;
static int ends[2];

static void* Read(void* argument) {
  char c;
  if (read(ends[0], &c, 1) == 1) sem_post(&got);
  return argument;
}

int main(void) {
  sem_init(&got, 0, 0);
  if (pipe(ends) != 0) return 1;
  const pid_t child = fork();
  if (child == 0) {
    // Longer than the verdict takes.
    sleep(1);
    if (!BUG && write(ends[1], "x", 1) != 1) _exit(1);
    _exit(0);
  }
  close(ends[1]);
  pthread_t reader;
  pthread_create(&reader, 0, Read, 0);
  sem_wait(&got);  // RACE
  pthread_join(reader, 0);
  return waitpid(child, 0, 0) != child;
}
