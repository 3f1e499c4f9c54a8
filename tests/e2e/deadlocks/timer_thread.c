// KIND: deadlock
// All wait, and a timer that is pending will start a thread which lets them go on.
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>

static sem_t rung;

static void Ring(union sigval value) {
  (void)value;
  sem_post(&rung);
}

int main(void) {
  sem_init(&rung, 0, 0);
  if (!BUG) {
    struct sigevent event = {0};
    event.sigev_notify = SIGEV_THREAD;
    event.sigev_notify_function = Ring;
    timer_t timer;
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    const struct itimerspec once = {{0, 0}, {0, 700000000}};
    timer_settime(timer, 0, &once, 0);
  }
  sem_wait(&rung);  // RACE
  return 0;
}
