// Abseil's locks, conditions, notifications, counters and barriers, used as they are meant; BUG=1…3 leaves
// one order out, and the lines marked with its number race.
#include <stdlib.h>

#include <thread>
#include <vector>

#include "../e2e/support/order.h"
#include "absl/base/call_once.h"
#include "absl/synchronization/barrier.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

namespace {

absl::Mutex mutex;
ABSL_CONST_INIT absl::Mutex constant(absl::kConstInit);
absl::CondVar condition;
absl::once_flag once;
int counter, under_constant, queued, once_value, racy;

void OnThreads(int n, void (*f)(int)) {
  std::vector<std::thread> all;
  for (int i = 0; i < n; i++) all.emplace_back(f, i);
  for (std::thread& t : all) t.join();
}

void Lock(int) {
  for (int i = 0; i < 1000; i++) {
    absl::MutexLock lock(&mutex);
    counter++;
    absl::MutexLock inner(&constant);
    under_constant++;
  }
}

void ReadAndWrite(int n) {
  for (int i = 0; i < 1000; i++) {
    if ((i + n) % 10 == 0) {
      absl::WriterMutexLock lock(&mutex);
      counter++;
    } else {
      absl::ReaderMutexLock lock(&mutex);
      if (counter < 0) abort();
    }
  }
}

void Try(int) {
  for (int i = 0; i < 1000; i++) {
    if (mutex.TryLock()) {
      counter++;
      mutex.Unlock();
    }
    if (mutex.ReaderTryLock()) {
      if (counter < 0) abort();
      mutex.ReaderUnlock();
    }
  }
}

bool IsQueued(int* n) { return *n > 0; }

void AwaitCondition(int n) {
  for (int i = 0; i < 300; i++) {
    if (n & 1) {
      mutex.LockWhen(absl::Condition(IsQueued, &queued));
      queued--;
      mutex.Unlock();
    } else {
      absl::MutexLock lock(&mutex);
      queued++;
    }
  }
}

void AwaitSignal(int n) {
  for (int i = 0; i < 300; i++) {
    absl::MutexLock lock(&mutex);
    if (n & 1) {
      while (queued == 0) {
        if (i & 2) {
          condition.Wait(&mutex);
        } else {
          condition.WaitWithTimeout(&mutex, absl::Milliseconds(1));
        }
      }
      queued--;
    } else {
      queued++;
      if (i & 2) {
        condition.Signal();
      } else {
        condition.SignalAll();
      }
    }
  }
}

void Once(int) {
  absl::call_once(once, [] { once_value = 1; });
  if (once_value != 1) abort();
}

void Notify() {
  absl::Notification given;
  int value = 0;
  std::thread t([&] {
    value = 1;
    given.Notify();
  });
  given.WaitForNotification();
  value++;
  t.join();
}

void CountDown() {
  absl::BlockingCounter left(3);
  int value[3];
  std::vector<std::thread> all;
  for (int i = 0; i < 3; i++) {
    all.emplace_back([&, i] {
      value[i] = 1;
      left.DecrementCount();
    });
  }
  left.Wait();
  if (value[0] + value[1] + value[2] != 3) abort();
  for (std::thread& t : all) t.join();
}

void Meet() {
  auto* barrier = new absl::Barrier(3);
  int value[3];
  std::vector<std::thread> all;
  for (int i = 0; i < 3; i++) {
    all.emplace_back([&, i] {
      value[i] = 1;
      const bool last = barrier->Block();
      if (value[0] + value[1] + value[2] != 3) abort();
      if (last) delete barrier;
    });
  }
  for (std::thread& t : all) t.join();
}

// A lock that is one thread's last on the heap.
void Pass() {
  auto* own = new absl::Mutex;
  std::thread t([own] { absl::MutexLock lock(own); });
  t.join();
  delete own;
}

#if BUG == 1
void Race() {
  InTurn(
      [] {
        absl::ReaderMutexLock lock(&mutex);
        racy++;  // RACE 1
      },
      [] {
        absl::ReaderMutexLock lock(&mutex);
        racy++;  // RACE 1
      });
}
#elif BUG == 2
void Race() {
  absl::Notification given;
  InTurn(
      [&] {
        given.Notify();
        racy++;  // RACE 2
      },
      [&] {
        given.WaitForNotification();
        racy++;  // RACE 2
      });
}
#elif BUG == 3
void Race() {
  mutex.Lock();
  InTurn([] { racy++; },  // RACE 3
         [] {
           if (mutex.TryLock()) abort();
           racy++;  // RACE 3
         });
  mutex.Unlock();
}
#else
void Race() {
  mutex.Lock();
  racy++;
  mutex.Unlock();
}
#endif

}  // namespace

int main() {
  for (void (*f)(int) : {Lock, ReadAndWrite, Try, AwaitCondition, AwaitSignal, Once}) OnThreads(4, f);
  for (int i = 0; i < 50; i++) {
    Notify();
    CountDown();
    Meet();
    Pass();
  }
  Race();
}
