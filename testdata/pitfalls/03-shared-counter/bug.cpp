// KIND: data-race
// Two request handlers increment a metrics counter without a lock: increments get lost.
#include <cstdio>

#include "server.h"

static long requests_served = 0;

static void CountRequest() {
  requests_served++;  // RACE: both
}

int main() {
  Serve(1000, CountRequest);
  std::printf("served %ld requests\n", requests_served);
}
