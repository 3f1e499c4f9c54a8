// Two threads touch a fresh variable at the same moment, `trials` times: released together by a barrier
// that no sanitizer sees, one of them a few steps later, so that the moments at which they meet in the
// runtime are many. Each trial must be found, whoever comes first. kind: 0 write/write, 1 write/read,
// 2 bytes of one granule that overlap, 3 write/atomic read, 4 vtable pointer/atomic read, which takes
// the long way through the runtime, 5 unaligned writes that overlap in one byte, 6 an unaligned write and
// such a read, 7 writes of 16 bytes, 8 such a write and read, 9 a write of 16 bytes and one of the upper 8.
#include "support.h"

#include <new>

static long trials, kind;
static int* variables;

struct Shape {
  virtual ~Shape() = default;
};
typedef long UnalignedLong __attribute__((aligned(1)));
static UnalignedLong& Unaligned(int* at, int offset) {
  return *reinterpret_cast<UnalignedLong*>(reinterpret_cast<char*>(at) + 1 + offset);
}
typedef long Two __attribute__((vector_size(16)));
alignas(64) static long arrived[2];

// Each waits until the other has come to trial i too.
UNSEEN static void Meet(int me, long i) {
  __atomic_store_n(&arrived[me], i, __ATOMIC_SEQ_CST);
  for (int spins = 0; __atomic_load_n(&arrived[1 - me], __ATOMIC_SEQ_CST) < i; spins++) {
    if (spins > 2000) sched_yield();
  }
  for (long steps = i % 2 == me ? i / 2 % 256 : 0; steps > 0; steps--) __asm__ volatile("");
}

template <int kMe>
static void* Race(void*) {
  const long n = trials, k = kind;
  int seen = 0;
  for (long i = 0; i < n; i++) {
    int* at = &variables[i * 4];
    Meet(kMe, i + 1);
    if (k == 0 || kMe == 0) {
      if (k == 2) {
        reinterpret_cast<short*>(at)[0] = 1;
      } else if (k == 4) {
        new (at) Shape;
      } else if (k >= 7) {
        *reinterpret_cast<Two*>(at) = Two{kMe, kMe};
      } else if (k >= 5) {
        Unaligned(at, 7 * kMe) = kMe;
      } else {
        *at = kMe;
      }
    } else if (k == 1) {
      seen += *at;
    } else if (k == 2) {
      reinterpret_cast<char*>(at)[1] = 1;
    } else if (k == 5) {
      Unaligned(at, 7 * kMe) = kMe;
    } else if (k == 6) {
      seen += static_cast<int>(Unaligned(at, 7 * kMe));
    } else if (k == 7) {
      *reinterpret_cast<Two*>(at) = Two{kMe, kMe};
    } else if (k == 8) {
      __asm__ volatile("" : : "x"(*reinterpret_cast<Two*>(at)));
    } else if (k == 9) {
      reinterpret_cast<long*>(at)[1] = kMe;
    } else {
      seen += __atomic_load_n(at, __ATOMIC_RELAXED);
    }
  }
  __asm__ volatile("" : : "r"(seen));
  return nullptr;
}

int main(int argc, char** argv) {
  trials = Argument(argc, argv, "trials", 10000);
  kind = Argument(argc, argv, "kind", 0);
  variables = static_cast<int*>(calloc(static_cast<size_t>(trials), 16));
  const pthread_t a = StartThread(Race<0>, nullptr);
  const pthread_t b = StartThread(Race<1>, nullptr);
  pthread_join(a, nullptr);
  pthread_join(b, nullptr);
  printf("found %lu of %ld\n", __csan_race_count(), trials);
}
