// KIND: deadlock
// Two told locks in either order: their holders wait for each other, as the library says.
#include "../support/channel.h"

class Mutex {
 public:
  TOLD void Lock() {
    OWN_BEGIN();
    lock_.Lock();
    if (held_) {
      Parked self = {ThisActor(), 0, false, 0, nullptr};
      const csan_case waits = {this, CSAN_LOCK};
      waiters_.Push(&self);
      CSAN_TELL(__csan_wait_begin, &waits, 1u, 0u);
      lock_.Unlock();
      ParkAt(&self.go_on);
      CSAN_TELL(__csan_wait_end);
    } else {
      held_ = true;
      lock_.Unlock();
    }
    CSAN_TELL(__csan_locked, this, 0);
    OWN_END();
  }
  TOLD void Unlock() {
    OWN_BEGIN();
    lock_.Lock();
    CSAN_TELL(__csan_unlocking, this, 0);
    Parked* next = waiters_.Pop();
    held_ = next != nullptr;
    if (next != nullptr) Unpark(&next->go_on);
    lock_.Unlock();
    OWN_END();
  }

 private:
  TestLock lock_;
  bool held_ = false;
  ParkedList waiters_;
};

Mutex a, b;
int counter;

int main() {
  std::thread other([] {
    Mutex& first = BUG ? b : a;
    Mutex& second = BUG ? a : b;
    for (int i = 0; i < 100; i++) {
      first.Lock();  // RACE
      if (BUG) ReachStep(1);
      if (BUG) AwaitStep(2);
      second.Lock();  // RACE
      counter++;
      second.Unlock();
      first.Unlock();
    }
  });
  for (int i = 0; i < 100; i++) {
    a.Lock();  // RACE
    if (BUG) AwaitStep(1);
    if (BUG) ReachStep(2);
    b.Lock();  // RACE
    counter++;
    b.Unlock();
    a.Unlock();
  }
  other.join();
  return counter == 200 ? 0 : 3;
}
