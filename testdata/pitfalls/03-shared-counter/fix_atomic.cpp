// The counter is atomic; nothing else depends on it, so relaxed order is enough.
#include <atomic>
#include <cstdio>

#include "server.h"

static std::atomic<long> requests_served = 0;

static void CountRequest() { requests_served.fetch_add(1, std::memory_order_relaxed); }

int main() {
  Serve(1000, CountRequest);
  std::printf("served %ld requests\n", requests_served.load());
}
