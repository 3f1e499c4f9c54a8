// The counter has a mutex.
#include <cstdio>

#include "server.h"

static std::mutex requests_mutex;
static long requests_served = 0;

static void CountRequest() {
  std::lock_guard lock(requests_mutex);
  requests_served++;
}

int main() {
  Serve(1000, CountRequest);
  std::printf("served %ld requests\n", requests_served);
}
