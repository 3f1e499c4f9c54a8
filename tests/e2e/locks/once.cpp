// KIND: data-race
// Who returns from pthread_once sees what the routine did.
#include "../support/order.h"
#include <pthread.h>
pthread_once_t once = PTHREAD_ONCE_INIT;
int value;
volatile int seen;

static void Init() { value = 1; }  // RACE

int main() {
  InTurn([] { pthread_once(&once, Init); },
         [] {
#if !BUG
           pthread_once(&once, Init);
#endif
           seen = value;  // RACE
         });
}
