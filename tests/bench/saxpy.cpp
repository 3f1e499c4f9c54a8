// Vector loops: y += a·x, and a sum of integers, each thread on its own half.
#include <vector>

#include "common.h"

namespace {

[[gnu::noinline]] void Saxpy(float a, const float* x, float* y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] += a * x[i];
}

[[gnu::noinline]] uint64_t Sum(const int* values, size_t n) {
  uint64_t sum = 0;
  for (size_t i = 0; i < n; i++) sum += static_cast<uint64_t>(values[i]);
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  const long rounds = Scaled(20'000, argc, argv);
  constexpr size_t kHalf = 1 << 16;
  std::vector<float> x(2 * kHalf);
  std::vector<float> y(2 * kHalf);
  std::vector<int> values(2 * kHalf);
  for (size_t i = 0; i < 2 * kHalf; i++) {
    x[i] = static_cast<float>(i & 1023);
    y[i] = static_cast<float>(i & 255);
    values[i] = static_cast<int>(i * 7);
  }
  uint64_t sums[2] = {};
  InTwoThreads([&](int thread) {
    const size_t from = static_cast<size_t>(thread) * kHalf;
    uint64_t sum = 0;
    for (long round = 0; round < rounds; round++) {
      Saxpy(1e-6f, &x[from], &y[from], kHalf);
      sum += Sum(&values[from], kHalf);
    }
    sums[thread] = sum;
  });
  std::printf("%lu %f\n", sums[0] + sums[1], static_cast<double>(y[5]));
}
