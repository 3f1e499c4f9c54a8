// Two matrix products by rows: one streams through the second matrix, one strides through it.
#include <vector>

#include "common.h"

namespace {

constexpr int kSize = 320;

[[gnu::noinline]] void Streaming(const double* a, const double* b, double* c, int from, int to) {
  for (int i = from; i < to; i++) {
    for (int k = 0; k < kSize; k++) {
      const double factor = a[i * kSize + k];
      for (int j = 0; j < kSize; j++) c[i * kSize + j] += factor * b[k * kSize + j];
    }
  }
}

[[gnu::noinline]] void Striding(const double* a, const double* b, double* c, int from, int to) {
  for (int i = from; i < to; i++) {
    for (int j = 0; j < kSize; j++) {
      double sum = 0;
      for (int k = 0; k < kSize; k++) sum += a[i * kSize + k] * b[k * kSize + j];
      c[i * kSize + j] += sum;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const long rounds = Scaled(35, argc, argv);
  std::vector<double> a(kSize * kSize);
  std::vector<double> b(kSize * kSize);
  std::vector<double> c(kSize * kSize);
  for (int i = 0; i < kSize * kSize; i++) {
    a[static_cast<size_t>(i)] = i % 17;
    b[static_cast<size_t>(i)] = i % 13;
  }
  InTwoThreads([&](int thread) {
    const int from = thread * kSize / 2;
    const int to = (thread + 1) * kSize / 2;
    for (long round = 0; round < rounds; round++) {
      Streaming(a.data(), b.data(), c.data(), from, to);
      Striding(a.data(), b.data(), c.data(), from, to);
    }
  });
  double sum = 0;
  for (double value : c) sum += value;
  std::printf("%f\n", sum);
}
