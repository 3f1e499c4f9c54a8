// What the kernels share: a seeded generator, two threads, and a size from the command line.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 2 + 1) {}
  uint64_t Next() {  // xorshift64
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  uint64_t state_;
};

// The work per kernel in percent of the full size: argv[1], 100 unless given.
inline long Scaled(long full, int argc, char** argv) {
  const long percent = argc > 1 ? std::atol(argv[1]) : 100;
  const long scaled = full * percent / 100;
  return scaled < 1 ? 1 : scaled;
}

template <typename Body>
void InTwoThreads(Body body) {
  std::thread other([&] { body(1); });
  body(0);
  other.join();
}
