// KIND: lock-order-inversion
// Under its own lock an object enters the registry, whose lock others hold when they come to it: as long as
// nobody else can know the object, nobody waits for its lock.
#include <mutex>
#include <thread>

#include "../support/order.h"

struct Account {
  std::mutex lock;
};

std::mutex registry;
Account* known = nullptr;

void Enter(Account* account) {
  std::lock_guard own(account->lock);
  std::lock_guard all(registry);  // RACE
  known = account;
}

void Audit() {
  std::lock_guard all(registry);
  if (known == nullptr) return;
  std::lock_guard own(known->lock);  // RACE
}

int main() {
  Account account;
  std::thread owner([&] {
    if (BUG) {
      {
        std::lock_guard all(registry);
        known = &account;
      }
      ReachStep(1);
      AwaitStep(2);
    }
    Enter(&account);
    ReachStep(3);
  });
  std::thread auditor([] {
    AwaitStep(BUG ? 1 : 3);
    Audit();
    ReachStep(2);
  });
  owner.join();
  auditor.join();
}
