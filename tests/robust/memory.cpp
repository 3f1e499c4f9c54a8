// No more address space in mid-run: the program's own requests fail as they do without us, and it goes on
// being checked. With the argument "clean" the two writes at the end are locked.
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <mutex>
#include <new>
#include <vector>

#include "../e2e/support/order.h"

static int data;
static bool clean;
static std::mutex mutex;
static std::mutex locks[300];

static void Write() {
  if (clean) {
    std::lock_guard<std::mutex> guard(mutex);
    data++;
  } else {
    data++;
  }
}

// History in many sections, and more locks held than fit beside the actor.
static void* Work(void*) {
  std::vector<long> numbers(100000);
  for (int round = 0; round < 20; round++) {
    for (auto& lock : locks) lock.lock();
    for (long& n : numbers) n += round;
    for (auto& lock : locks) lock.unlock();
  }
  return nullptr;
}

int main(int argc, char** argv) {
  clean = argc > 1 && strcmp(argv[1], "clean") == 0;
  const rlimit none = {1 << 20, 1 << 20};
  // Stacks that the C library keeps for later threads.
  pthread_t threads[4];
  for (auto& t : threads) pthread_create(&t, nullptr, Work, nullptr);
  for (auto& t : threads) pthread_join(t, nullptr);
  if (setrlimit(RLIMIT_AS, &none) != 0) return 2;

  constexpr size_t kLarge = 3ul << 30;
  errno = 0;
  void* volatile block = malloc(kLarge);
  if (block != nullptr || errno != ENOMEM) return 3;
  errno = 0;
  block = calloc(kLarge, 1);
  if (block != nullptr || errno != ENOMEM) return 4;
  block = malloc(100);
  if (block == nullptr) return 5;
  errno = 0;
  if (realloc(block, kLarge) != nullptr || errno != ENOMEM) return 6;
  if (posix_memalign(const_cast<void**>(&block), 4096, kLarge) != ENOMEM) return 7;
  bool thrown = false;
  try {
    block = ::operator new(kLarge);
  } catch (const std::bad_alloc&) {
    thrown = true;
  }
  if (!thrown || ::operator new(kLarge, std::nothrow) != nullptr) return 8;
  if (mmap(nullptr, kLarge, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) return 9;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 1 << 30);
  pthread_t refused;
  if (pthread_create(&refused, &attributes, Work, nullptr) != EAGAIN) return 10;

  for (int round = 0; round < 3; round++) {
    for (auto& t : threads) {
      if (pthread_create(&t, nullptr, Work, nullptr) != 0) return 11;
    }
    for (auto& t : threads) pthread_join(t, nullptr);
  }
  InTurn(Write, Write);
}
