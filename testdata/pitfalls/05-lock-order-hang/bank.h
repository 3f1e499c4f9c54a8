// A bank with two accounts. `transfer` locks both; between its two locks it calls Meet(), which waits until
// the other transfer is there too, or has no need to come.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

struct Account {
  std::mutex mutex;
  long balance = 100;
};

class Meeting {
 public:
  // Waits for `n` arrivals in all.
  void Meet(int n) {
    arrived_++;
    while (arrived_ < n) std::this_thread::yield();
  }

 private:
  std::atomic<int> arrived_ = 0;
};

// Both directions at once.
template <typename Transfer>
long Run(Transfer transfer) {
  Account mine;
  Account yours;
  std::thread there([&] { transfer(mine, yours, 10); });
  std::thread back([&] { transfer(yours, mine, 20); });
  there.join();
  back.join();
  return mine.balance + yours.balance;
}
