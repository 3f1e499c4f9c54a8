// KIND: unlock-unlocked
// A read lock given back once too often.
#include <shared_mutex>

std::shared_mutex lock;
int unlocks;

int main() {
  lock.lock_shared();
  lock.lock_shared();
  lock.unlock_shared();
  lock.unlock_shared();
  if (BUG) {
    lock.unlock_shared();  // RACE
    unlocks++;
  }
}
