// Executes tapes: programs of up to 64 steps, each of which belongs to a thread and runs when all
// before it have. The order is forced by code that no sanitizer sees, so the edges between threads
// are only those of the steps. Each step has its own copy of the code: an access's address in the
// program tells its step.
//
// Input, after the number of programs: the number of steps, then for each step
// "thread code size offset order failure object". Each program runs in a forked child, so that it
// starts with an empty shadow; with the argument "together" all run in one process.
// Output on stderr, between the runtime's records: "arena", "program", "count".
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <utility>

#define UNSEEN __attribute__((disable_sanitizer_instrumentation, noinline))

extern "C" unsigned long __csan_race_count();

namespace {

constexpr int kSteps = 64;
constexpr int kThreads = 8;

enum Code {
  kRead, kWrite, kReadRange, kWriteRange,
  kLoad, kStore, kAdd, kExchange, kSwap, kSwapFails, kFence,
  kLock, kTryLock, kUnlock, kReadLock, kWriteLock, kReadWriteUnlock,
  kSpawn, kJoin,
};

struct Op {
  int thread, code, size, offset, order, failure, object;
};

alignas(64) unsigned char arena[512];
pthread_mutex_t mutexes[4];
pthread_rwlock_t rwlocks[2];

Op tape[kSteps];
int steps;
int turn;
unsigned long counts[kSteps];
pthread_t threads[kThreads];
bool started[kThreads], joined[kThreads];

template <typename T>
struct __attribute__((packed)) Anywhere {
  T value;
};
using Wide = unsigned __int128;

template <typename T>
__attribute__((always_inline)) inline void Plain(bool write, unsigned char* at) {
  auto* place = reinterpret_cast<Anywhere<T>*>(at);
  if (write) {
    place->value = 1;
  } else {
    T value = place->value;
    __asm__ volatile("" : : "m"(value));
  }
}

template <typename T>
UNSEEN T Peek(const T* at) {
  return __atomic_load_n(at, __ATOMIC_RELAXED);
}

// The order of a failed exchange must be a constant to be seen by the compiler.
template <typename T>
__attribute__((always_inline)) inline void Swap(T* at, T expected, int order, int failure) {
  const T next = static_cast<T>(expected + 1);
  switch (failure) {
    case __ATOMIC_RELAXED:
      __atomic_compare_exchange_n(at, &expected, next, false, order, __ATOMIC_RELAXED);
      break;
    case __ATOMIC_ACQUIRE:
      __atomic_compare_exchange_n(at, &expected, next, false, order, __ATOMIC_ACQUIRE);
      break;
    default:
      __atomic_compare_exchange_n(at, &expected, next, false, order, __ATOMIC_SEQ_CST);
      break;
  }
}

template <typename T>
__attribute__((always_inline)) inline void Atomic(const Op& op, unsigned char* where) {
  T* at = reinterpret_cast<T*>(where);
  switch (op.code) {
    case kLoad: (void)__atomic_load_n(at, op.order); break;
    case kStore: __atomic_store_n(at, static_cast<T>(3), op.order); break;
    case kAdd: __atomic_fetch_add(at, static_cast<T>(1), op.order); break;
    case kExchange: __atomic_exchange_n(at, static_cast<T>(7), op.order); break;
    case kSwap: Swap(at, Peek(at), op.order, op.failure); break;
    default: Swap(at, static_cast<T>(Peek(at) + 1), op.order, op.failure); break;
  }
}

__attribute__((always_inline)) inline void Range(bool write, unsigned char* at, int size) {
  unsigned char own[64];
  if (write) {
    memset(at, 5, static_cast<size_t>(size));
  } else {
    memcpy(own, at, static_cast<size_t>(size));
    __asm__ volatile("" : : "m"(own));
  }
}

UNSEEN void Expect(bool holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "tape: %s\n", what);
  _exit(3);
}

UNSEEN void* RunThread(void* number);

UNSEEN void Spawn(int thread) {
  started[thread] = true;
  Expect(pthread_create(&threads[thread], nullptr, RunThread,
                        reinterpret_cast<void*>(static_cast<intptr_t>(thread))) == 0, "no thread");
}

UNSEEN void Join(int thread) {
  joined[thread] = true;
  pthread_join(threads[thread], nullptr);
}

template <int kStep>
__attribute__((noinline)) void Step(Op op) {
  unsigned char* const at = arena + op.offset;
  const bool write = op.code == kWrite || op.code == kWriteRange;
  switch (op.code) {
    case kRead:
    case kWrite:
      switch (op.size) {
        case 1: Plain<uint8_t>(write, at); break;
        case 2: Plain<uint16_t>(write, at); break;
        case 4: Plain<uint32_t>(write, at); break;
        case 8: Plain<uint64_t>(write, at); break;
        default: Plain<Wide>(write, at); break;
      }
      break;
    case kReadRange:
    case kWriteRange: Range(write, at, op.size); break;
    case kLoad:
    case kStore:
    case kAdd:
    case kExchange:
    case kSwap:
    case kSwapFails:
      switch (op.size) {
        case 1: Atomic<uint8_t>(op, at); break;
        case 2: Atomic<uint16_t>(op, at); break;
        case 4: Atomic<uint32_t>(op, at); break;
        default: Atomic<uint64_t>(op, at); break;
      }
      break;
    case kFence: __atomic_thread_fence(op.order); break;
    case kLock: Expect(pthread_mutex_lock(&mutexes[op.object]) == 0, "no lock"); break;
    // `size` says whether it must succeed.
    case kTryLock:
      Expect((pthread_mutex_trylock(&mutexes[op.object]) == 0) == (op.size != 0), "trylock");
      break;
    case kUnlock: pthread_mutex_unlock(&mutexes[op.object]); break;
    case kReadLock: Expect(pthread_rwlock_rdlock(&rwlocks[op.object]) == 0, "no read lock"); break;
    case kWriteLock: Expect(pthread_rwlock_wrlock(&rwlocks[op.object]) == 0, "no write lock"); break;
    case kReadWriteUnlock: pthread_rwlock_unlock(&rwlocks[op.object]); break;
    case kSpawn: Spawn(op.object); break;
    case kJoin: Join(op.object); break;
  }
  __asm__ volatile("# step %c0" : : "i"(kStep));  // keeps equal code from being merged
}

using Function = void (*)(Op);
template <int... kAll>
constexpr std::array<Function, kSteps> AllSteps(std::integer_sequence<int, kAll...>) {
  return {Step<kAll>...};
}
constexpr std::array<Function, kSteps> functions =
    AllSteps(std::make_integer_sequence<int, kSteps>());

UNSEEN void Await(int step) {
  while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != step) sched_yield();
}

UNSEEN void* RunThread(void* number) {
  const int me = static_cast<int>(reinterpret_cast<intptr_t>(number));
  for (int i = 0; i < steps; i++) {
    if (tape[i].thread != me) continue;
    Await(i);
    const unsigned long before = __csan_race_count();
    functions[static_cast<size_t>(i)](tape[i]);
    counts[i] = __csan_race_count() - before;
    __atomic_store_n(&turn, i + 1, __ATOMIC_RELEASE);
  }
  return nullptr;
}

UNSEEN void RunTape() {
  alarm(10);  // nothing here takes a second: it hangs
  turn = 0;
  for (int t = 0; t < kThreads; t++) started[t] = joined[t] = false;
  RunThread(nullptr);
  Await(steps);
  for (int t = 1; t < kThreads; t++) {
    if (started[t] && !joined[t]) pthread_join(threads[t], nullptr);
  }
  char line[kSteps * 4 + 32];
  int n = snprintf(line, sizeof(line), "count");
  for (int i = 0; i < steps; i++) {
    n += snprintf(line + n, sizeof(line) - static_cast<size_t>(n), " %lu", counts[i]);
  }
  dprintf(2, "%s\n", line);
}

UNSEEN void ReadTape() {
  Expect(scanf("%d", &steps) == 1 && steps <= kSteps, "bad input");
  for (int i = 0; i < steps; i++) {
    Op& op = tape[i];
    Expect(scanf("%d %d %d %d %d %d %d", &op.thread, &op.code, &op.size, &op.offset, &op.order,
                 &op.failure, &op.object) == 7, "bad input");
  }
}

}  // namespace

UNSEEN int main(int argc, char** argv) {
  const bool together = argc > 1 && strcmp(argv[1], "together") == 0;
  dprintf(2, "arena %p %p %zu %p %zu\n", static_cast<void*>(arena), static_cast<void*>(mutexes),
          sizeof(mutexes[0]), static_cast<void*>(rwlocks), sizeof(rwlocks[0]));
  int programs = 0;
  Expect(scanf("%d", &programs) == 1, "bad input");
  for (auto& m : mutexes) pthread_mutex_init(&m, nullptr);
  for (auto& l : rwlocks) pthread_rwlock_init(&l, nullptr);
  for (int i = 0; i < programs; i++) {
    ReadTape();
    dprintf(2, "program %d\n", i);
    if (together) {
      RunTape();
      continue;
    }
    const pid_t child = fork();
    if (child == 0) {
      RunTape();
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) dprintf(2, "died %d\n", status);
  }
}
