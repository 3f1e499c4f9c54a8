// Transfers between 1024 accounts, each under its own mutex, two of them held at a time.
#include <mutex>
#include <utility>
#include <vector>

#include "common.h"

namespace {

struct Account {
  std::mutex mutex;
  long balance = 1000;
  long received = 0;
  long sent = 0;
  int last = 0;
  short flags = 0;
  char marks[6] = {};
  double average = 0;
};

[[gnu::noinline]] void Book(Account& account, long amount, int thread) {
  account.balance += amount;
  amount > 0 ? account.received++ : account.sent++;
  account.last = thread;
  account.flags ^= 1;
  account.marks[thread % 6]++;
  account.average = account.average * 0.9 + static_cast<double>(amount) * 0.1;
}

}  // namespace

int main(int argc, char** argv) {
  const long transfers = Scaled(3'000'000, argc, argv);
  std::vector<Account> accounts(1024);
  InTwoThreads([&](int thread) {
    Random random(static_cast<uint64_t>(17 + thread));
    for (long i = 0; i < transfers; i++) {
      size_t from = random.Next() & 1023;
      size_t to = random.Next() & 1023;
      if (from == to) continue;
      if (from > to) std::swap(from, to);
      std::lock_guard first(accounts[from].mutex);
      std::lock_guard second(accounts[to].mutex);
      const long amount = static_cast<long>(random.Next() % 10);
      Book(accounts[from], -amount, thread);
      Book(accounts[to], amount, thread);
    }
  });
  long total = 0;
  for (const Account& account : accounts) total += account.balance;
  std::printf("%ld\n", total);
}
