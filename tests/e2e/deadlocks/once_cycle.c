// KIND: deadlock
// A once routine that waits for a thread which waits for the routine.
#include <pthread.h>

#include "../support/last_step.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_t helper;
static int prepared;

static void Nothing(void) {}
static void* Help(void* argument) {
  LastStep();
  if (BUG) pthread_once(&once, Nothing);  // RACE
  return argument;
}
static void Prepare(void) {
  pthread_create(&helper, 0, Help, 0);
  LastStep();
  pthread_join(helper, 0);  // RACE
  prepared = 1;
}

int main(void) {
  pthread_once(&once, Prepare);
  return !prepared;
}
