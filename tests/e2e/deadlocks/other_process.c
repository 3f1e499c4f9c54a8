// KIND: deadlock
// Another process can end a wait in shared memory.
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  sem_t* shared =
      mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | (BUG ? MAP_PRIVATE : MAP_SHARED), -1, 0);
  sem_init(shared, 1, 0);
  const pid_t child = fork();
  if (child == 0) {
    sleep(1);
    sem_post(shared);
    _exit(0);
  }
  while (sem_wait(shared) != 0) {  // RACE
  }
  return waitpid(child, 0, 0) != child;
}
