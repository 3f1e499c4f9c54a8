// KIND: data-race
// WHY: locks
// The report knows which described locks were held: two threads hold different ones.
#include "lock.h"

Lock one, two;
int data;

void Work(Lock* lock) {
  lock->Acquire(__tsan_mutex_linker_init);
  data++;  // RACE
  lock->Release();
}

int main() {
  InTurn([] { Work(&one); }, [] { Work(BUG ? &two : &one); });
}
