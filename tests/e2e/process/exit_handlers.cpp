// KIND: data-race
// Who registers an exit handler, or constructs a static object, is ordered before what runs at exit.
#include <stdlib.h>
#include <unistd.h>

#include "../support/order.h"

int values[4];

struct Object {
  explicit Object(int* value) : at(value) { *at = 1; }
  ~Object() { *at = 2; }
  int* at;
};

void Late() { values[1] = 2; }
void LateWithCode(int, void* at) { *static_cast<int*>(at) = 2; }

// Detached: nothing but the handlers orders what it did before the end.
void Work() {
  static Object object(&values[0]);
  values[1] = 1;
  atexit(Late);
  values[2] = 1;
  on_exit(LateWithCode, &values[2]);
  values[3] = 1;
  if (!BUG) on_exit(LateWithCode, &values[3]);
  if (BUG) values[1] = 3;  // RACE
}

int main() {
  std::thread([] {
    Work();
    ReachStep(1);
    for (;;) pause();
  }).detach();
  AwaitStep(1);
  if (BUG) values[1] = 4;  // RACE
}
