// KIND: data-race
// 200 forks while other threads are in the middle of everything; each child works with threads too, in the
// memory of those that are gone.
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "../support/order.h"

std::atomic<bool> stop;
std::atomic<int> hot[8];
std::mutex mutex;
std::vector<int*> blocks;
int counter;

void Work(unsigned seed) {
  for (unsigned i = 0; !stop.load(std::memory_order_relaxed); i++) {
    hot[(i + seed) % 8].fetch_add(1);
    int* block = new int[1 + (i * 7 + seed) % 500];
    block[0] = 1;
    // An access to memory that is new takes long.
    if (i % 16 == 0) std::vector<char>(1 << 18)[i % (1 << 18)] = 1;
    std::lock_guard guard(mutex);
    blocks.push_back(block);
    if (blocks.size() > 100) {
      for (int* b : blocks) delete[] b;
      blocks.clear();
    }
  }
}

int Child() {
  std::atomic<int> sum{0};
  std::mutex own;
  int plain = 0;
  std::thread threads[3];
  for (auto& t : threads) {
    t = std::thread([&] {
      for (int i = 0; i < 20; i++) {
        hot[i % 8]++;
        std::vector<int> v(static_cast<size_t>(i * 10 + 1), 1);
        sum += v[0];
        std::lock_guard guard(own);
        plain++;
      }
    });
  }
  for (auto& t : threads) t.join();
  return sum == 60 && plain == 60 ? 0 : 1;
}

int main() {
  std::thread threads[3];
  for (unsigned i = 0; i < 3; i++) threads[i] = std::thread(Work, i);
  for (int i = 0; i < 200; i++) {
    const pid_t child = fork();
    if (child == 0) _exit(Child());
    int status = 1;
    waitpid(child, &status, 0);
    if (status != 0) return 2;
  }
  stop = true;
  for (auto& t : threads) t.join();
  for (int* b : blocks) delete[] b;
  auto count = [] {
#if !BUG
    std::lock_guard guard(mutex);
#endif
    counter++;  // RACE
  };
  InTurn(count, count);
}
