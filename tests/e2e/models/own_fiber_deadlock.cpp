// KIND: deadlock
// FLAGS: -fsanitize-concurrency-model={tests}/models/own_fiber.yaml
// ACTOR: fiber
// Two fibers of one thread wait for each other's locks, for ever in turn: nobody stands still.
#include "../support/last_step.h"
#include "../support/own_fiber.h"

own::FiberLock left, right;

void LeftFirst() {
  left.Take();  // RACE
  own::Pause();
  right.Take();  // RACE
  right.Give();
  left.Give();
}

void RightFirst() {
  right.Take();  // RACE
  own::Pause();
  LastStep();
  left.Take();  // RACE
  left.Give();
  right.Give();
}

int main() {
  own::Fiber* const one = own::Spawn(LeftFirst);  // MADE
  own::Fiber* const two = own::Spawn(BUG ? RightFirst : LeftFirst);
  for (bool goes_on = true; goes_on;) {
    goes_on = !one->ended && own::Resume(one);
    goes_on = (!two->ended && own::Resume(two)) || goes_on;
    sched_yield();
  }
  own::Free(one);
  own::Free(two);
}
