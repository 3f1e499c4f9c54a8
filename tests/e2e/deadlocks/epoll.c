// KIND: deadlock
// All wait but a thread in epoll_wait, whose event another process makes.
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

static sem_t got;
static int events, event;

static void* Loop(void* argument) {
  struct epoll_event one;
  if (!BUG && epoll_wait(events, &one, 1, -1) == 1) sem_post(&got);
  return argument;
}

int main(void) {
  sem_init(&got, 0, 0);
  events = epoll_create1(0);
  event = eventfd(0, 0);
  struct epoll_event wanted = {.events = EPOLLIN};
  epoll_ctl(events, EPOLL_CTL_ADD, event, &wanted);
  const pid_t child = fork();
  if (child == 0) {
    usleep(700000);
    _exit(eventfd_write(event, 1) != 0);
  }
  pthread_t loop;
  pthread_create(&loop, 0, Loop, 0);
  sem_wait(&got);  // RACE
  pthread_join(loop, 0);
  return waitpid(child, 0, 0) != child;
}
