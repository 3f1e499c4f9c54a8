// KIND: data-race
// What is done in a region whose synchronisation is ignored orders nothing.
#include <atomic>
#include <mutex>

#include "../support/order.h"

extern "C" {
void AnnotateIgnoreSyncBegin(const char*, int);
void AnnotateIgnoreSyncEnd(const char*, int);
}

int data;
std::atomic<int> flag;
std::mutex mutex;

int main() {
  InTurn(
      [] {
        data = 1;  // RACE
        if (BUG) AnnotateIgnoreSyncBegin(__FILE__, __LINE__);
        flag = 1;
        mutex.lock();
        mutex.unlock();
        if (BUG) AnnotateIgnoreSyncEnd(__FILE__, __LINE__);
      },
      [] {
        if (flag.load() == 0) return;
        std::lock_guard guard(mutex);
        data++;  // RACE
      });
}
