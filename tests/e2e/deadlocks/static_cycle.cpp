// KIND: deadlock
// Two function-local statics that need each other, first used by two threads at once.
#include <thread>

#include "../support/last_step.h"

int Right();
struct Left {
  Left() {
    if (BUG) ReachStep(1);
    if (BUG) AwaitStep(2);
    LastStep();
    value = Right();  // RACE
  }
  int value;
};
int LeftValue() {
  static Left left;
  return left.value;
}
struct RightSide {
  RightSide() {
    if (BUG) ReachStep(2);
    LastStep();
    value = BUG ? LeftValue() : 1;  // RACE
  }
  int value;
};
int Right() {
  static RightSide right;
  return right.value;
}

int main() {
  std::thread a([] { LeftValue(); });
  if (BUG) AwaitStep(1);
  std::thread b([] { Right(); });
  a.join();
  b.join();
}
