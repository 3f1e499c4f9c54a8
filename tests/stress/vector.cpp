// Vector kernels with checked accesses inside their loops. The lock in between makes every stretch
// begin a new epoch, so that the cold paths run with vector registers live: what they do not save shows
// as another result. Prints the bits of all results; the build without the sanitizer must print the same.
#include <cstdint>
#include "support.h"

constexpr int kSize = 512;

struct Data {
  double a[kSize], b[kSize], c[kSize];
  float f[kSize], g[kSize];
  int32_t i[kSize], j[kSize];
  uint8_t bytes[kSize];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Data* shared;
static uint64_t flags[64];

// A new epoch for the next accesses.
__attribute__((noinline)) static void Turn() {
  pthread_mutex_lock(&lock);
  pthread_mutex_unlock(&lock);
}

__attribute__((noinline)) static double Dot(const double* a, const double* b) {
#pragma clang fp reassociate(on)
  double sum = 0;
  for (int i = 0; i < kSize; i++) sum += a[i] * b[i];
  return sum;
}

__attribute__((noinline)) static void Saxpy(float* f, const float* g, float by) {
  for (int i = 0; i < kSize; i++) f[i] = f[i] * by + g[i];
}

// Masks: a branch in the loop that becomes compare and blend, or mask registers.
__attribute__((noinline)) static void Clamp(int32_t* to, const int32_t* from, int32_t at_most) {
  for (int i = 0; i < kSize; i++) {
    if (from[i] > at_most) to[i] = at_most - from[i] / 3;
  }
}

// Many accumulators, all live across checked accesses.
__attribute__((noinline)) static double Accumulate(const double* a, const double* b,
                                                   uint64_t* seen) {
  double s[16] = {};
  for (int i = 0; i + 16 <= kSize; i += 16) {
    for (int k = 0; k < 16; k++) s[k] = s[k] * 1.0001 + a[i + k] * b[i + 15 - k];
    seen[i / 16] = static_cast<uint64_t>(i);
  }
  double sum = 0;
  for (double x : s) sum = sum * 3 + x;
  return sum;
}

__attribute__((noinline)) static uint32_t Bytes(const uint8_t* bytes, const int32_t* index) {
  uint32_t sum = 0;
  for (int i = 0; i < kSize; i++)
    sum += static_cast<uint32_t>(bytes[i]) * static_cast<uint32_t>(index[i]);
  return sum;
}

__attribute__((noinline)) static void Gather(double* to, const double* from, const int32_t* at) {
  for (int i = 0; i < kSize; i++) to[i] = from[at[i] & (kSize - 1)] + 1;
}

static uint64_t hash = 1469598103934665603u;
template <typename T>
static void Mix(T value) {
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof(value));
  hash = (hash ^ bits) * 1099511628211u;
}

// The threads take turns, so that the results do not depend on who comes first.
static void* Work(void* second) {
  Data& d = *shared;
  for (int round = 0; round < 60; round++) {
    const int turn = 2 * round + (second != nullptr ? 1 : 0);
    AwaitStep(turn);
    pthread_mutex_lock(&lock);
    Mix(Dot(d.a, d.b));
    Saxpy(d.f, d.g, 0.75f);
    Clamp(d.i, d.j, 900 + round);
    pthread_mutex_unlock(&lock);
    pthread_mutex_lock(&lock);
    Mix(Accumulate(d.a, d.b, flags));
    Mix(Bytes(d.bytes, d.j));
    Gather(d.c, d.b, d.j);
    for (int i = 0; i < kSize; i++) d.a[i] = d.c[i] * 0.5 + d.a[(i * 7) & (kSize - 1)];
    pthread_mutex_unlock(&lock);
    Turn();
    ReachStep(turn + 1);
  }
  return nullptr;
}

int main() {
  shared = static_cast<Data*>(malloc(sizeof(Data)));
  for (int i = 0; i < kSize; i++) {
    shared->a[i] = 1.0 / (i + 1);
    shared->b[i] = i * 0.37 - 3;
    shared->c[i] = 0;
    shared->f[i] = static_cast<float>(i) * 1.5f;
    shared->g[i] = 2.0f / static_cast<float>(i + 2);
    shared->i[i] = i;
    shared->j[i] = (i * 2654435761u) >> 20;
    shared->bytes[i] = static_cast<uint8_t>(i * 31);
  }
  pthread_t threads[2];
  threads[0] = StartThread(Work, nullptr);
  threads[1] = StartThread(Work, shared);
  for (auto& t : threads) pthread_join(t, nullptr);
  for (int i = 0; i < kSize; i++) {
    Mix(shared->a[i]);
    Mix(shared->f[i]);
    Mix(shared->i[i]);
  }
  printf("%016lx\n", hash);
}
