// A library of which nothing is seen, as one that is not instrumented: a lock, a condition, a semaphore, a
// queue and a wait group.
// models/own.yaml says what they do.
#pragma once

#include "channel.h"

namespace own {

class Lock {
 public:
  TOLD void Take() {
    while (__atomic_exchange_n(&free_, 0, __ATOMIC_ACQUIRE) == 0) ParkAt(&free_);
  }
  TOLD bool Try() { return __atomic_exchange_n(&free_, 0, __ATOMIC_ACQUIRE) != 0; }
  TOLD void Give() { Unpark(&free_); }

 private:
  int free_ = 1;
};

// For one who waits.
class Condition {
 public:
  TOLD void Wait(Lock& lock) {
    __atomic_store_n(&notified_, 0, __ATOMIC_RELAXED);
    lock.Give();
    ParkAt(&notified_);
    lock.Take();
  }
  TOLD void Notify() { Unpark(&notified_); }

 private:
  int notified_ = 0;
};

class Semaphore {
 public:
  TOLD void Post() { __atomic_fetch_add(&count_, 1, __ATOMIC_ACQ_REL); }
  TOLD void Wait() {
    for (int n = 0;;) {
      if (n > 0 && __atomic_compare_exchange_n(&count_, &n, n - 1, 0, __ATOMIC_ACQUIRE,
                                               __ATOMIC_RELAXED))
        return;
      sched_yield();
      n = __atomic_load_n(&count_, __ATOMIC_RELAXED);
    }
  }

 private:
  int count_ = 0;
};

// Whoever waits for several queues waits for this to be set.
inline int queues_changed;

class Queue {
 public:
  UNSEEN explicit Queue(int capacity) : capacity_(capacity) {}
  UNSEEN ~Queue() { first_ = 0; }
  // False if it is closed.
  TOLD bool Put(const int& value) {
    lock_.Lock();
    while (!closed_ && count_ == capacity_) Yield();
    const bool open = !closed_;
    if (open) buffer_[(first_ + count_++) % kMax] = value;
    lock_.Unlock();
    Unpark(&queues_changed);
    return open;
  }
  // False if it is closed and empty.
  TOLD bool Get(int& value) {
    lock_.Lock();
    while (!closed_ && count_ == 0) Yield();
    const bool any = TakeFirst(value);
    lock_.Unlock();
    return any;
  }
  // False if there is nothing in it.
  UNSEEN bool TryGet(int& value) {
    lock_.Lock();
    const bool any = TakeFirst(value);
    lock_.Unlock();
    return any;
  }
  TOLD void Close() {
    lock_.Lock();
    closed_ = true;
    lock_.Unlock();
  }

 private:
  static constexpr int kMax = 16;
  // With the lock.
  UNSEEN bool TakeFirst(int& value) {
    if (count_ == 0) return false;
    value = buffer_[first_++ % kMax];
    count_--;
    return true;
  }
  UNSEEN void Yield() {
    lock_.Unlock();
    sched_yield();
    lock_.Lock();
  }
  TestLock lock_;
  int capacity_, count_ = 0, first_ = 0, buffer_[kMax] = {};
  bool closed_ = false;
};

// Which of them had a value. For one who waits.
TOLD inline int SelectOf(Queue* const* queues, int count, int& value) {
  for (;; ParkAt(&queues_changed)) {
    __atomic_store_n(&queues_changed, 0, __ATOMIC_SEQ_CST);
    for (int i = 0; i < count; i++) {
      if (queues[i]->TryGet(value)) return i;
    }
  }
}
TOLD inline int Either(Queue& one, Queue& other, int& value) {
  Queue* const queues[] = {&one, &other};
  for (;; ParkAt(&queues_changed)) {
    __atomic_store_n(&queues_changed, 0, __ATOMIC_SEQ_CST);
    for (int i = 0; i < 2; i++) {
      if (queues[i]->TryGet(value)) return i;
    }
  }
}

class Group {
 public:
  TOLD void Add(int delta) { __atomic_fetch_add(&count_, delta, __ATOMIC_ACQ_REL); }
  TOLD void Done() { __atomic_fetch_sub(&count_, 1, __ATOMIC_ACQ_REL); }
  TOLD void Wait() {
    while (__atomic_load_n(&count_, __ATOMIC_ACQUIRE) > 0) sched_yield();
  }

 private:
  int count_ = 0;
};

}  // namespace own
