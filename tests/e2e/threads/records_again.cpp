// KIND: data-race
// OPTIONS: actor_records=16
// Threads whose records were those of others before them: joined, detached, and two at once.
#include "../support/order.h"
#include <mutex>
#include <semaphore>

std::mutex mutex;
std::counting_semaphore<> ended(0);
int counter;
int other;

void Count() {
  std::lock_guard guard(mutex);
  counter++;
}

int main() {
  for (int i = 0; i < 100; i++) {
    std::thread(Count).join();
    std::thread([] {
      Count();
      ended.release();
    }).detach();
    ended.acquire();
    std::thread a(Count), b(Count);
    a.join();
    b.join();
  }
  InTurn([] { counter++; },  // RACE
         [] {
#if BUG
           counter++;  // RACE
#else
           other++;
#endif
         });
  return counter < 0 ? 1 : 0;
}
