#include <cstdio>

#include "counter.h"
#include "order.h"

int main() {
  InTurn([] { CounterAdd(Odd()); }, [] { CounterAdd(Even()); });
  std::printf("%d\n", CounterValue());
  return 0;
}
