// KIND: data-race
// FLAGS: -fsanitize-concurrency-model={tests}/models/own.yaml
// What was done before a post is known after a wait, and nothing that is done later.
#include "../support/own.h"

own::Semaphore posted;
int before, later;

int main() {
  InTurn(
      [] {
        before = 1;
        if (!BUG) later = 1;
        posted.Post();
        if (BUG) later = 1;  // RACE
      },
      [] {
        posted.Wait();
        before++;
        later++;  // RACE
      });
}
