// KIND: data-race
// FLAGS: -fsanitize-concurrency-model={tests}/models/own.yaml
#include "../support/own.h"

own::Lock lock;
int data;

void Count() {
  const bool locks = !BUG || data == 0;
  if (locks) lock.Take();
  data++;  // RACE
  if (locks) lock.Give();
}

int main() {
  InTurn([] { Count(); }, [] { Count(); });
  return data - 2;
}
