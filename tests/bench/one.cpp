// The queue of the atomics kernel in one thread, once another has run and been joined: what the
// operations cost that nobody contends for.
#include "ring.h"

int main(int argc, char** argv) {
  const long rounds = Scaled(6'000'000, argc, argv);
  Ring ring(1024);
  uint64_t sum = 0;
  std::thread([&] {
    if (ring.Push(1)) ring.Pop(&sum);
  }).join();
  for (long i = 0; i < rounds; i++) {
    uint64_t value = 0;
    ring.Push(static_cast<uint64_t>(i));
    if (ring.Pop(&value)) sum += value;
  }
  std::printf("%lu\n", sum);
}
