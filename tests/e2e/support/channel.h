// A channel, a wait group and goroutines (threads that are actors anyway, and fibers) for tests only: small,
// without a scheduler, and told by <csan/annotate.h>. Nothing in here is instrumented or calls what is
// intercepted, so that no order comes of it but the one that is told.
#pragma once

#include <csan/annotate.h>

#include "order.h"

// Called by the program: not in tail position, or there is no place of the call to report.
#define TOLD UNSEEN __attribute__((not_tail_called))

#define OWN_BEGIN() CSAN_TELL(__csan_own_begin_at, __builtin_return_address(0))
#define OWN_END() CSAN_TELL(__csan_own_end)

// A futex wait that the interceptors do not see.
UNSEEN inline void ParkAt(int* word) {
  while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == 0) {
    long result = 202;  // futex(word, FUTEX_WAIT_PRIVATE, 0)
    register long timeout __asm__("r10") = 0;
    __asm__ volatile("syscall"
                     : "+a"(result)
                     : "D"(word), "S"(128L), "d"(0L), "r"(timeout)
                     : "rcx", "r11", "memory");
  }
}
UNSEEN inline void Unpark(int* word) {
  __atomic_store_n(word, 1, __ATOMIC_RELEASE);
  long result = 202;  // FUTEX_WAKE_PRIVATE, 1
  __asm__ volatile("syscall"
                   : "+a"(result)
                   : "D"(word), "S"(129L), "d"(1L)
                   : "rcx", "r11", "memory");
}

// How who waits stands still; goroutine.h has another way.
inline void (*park)(int* word) = ParkAt;

class TestLock {
 public:
  UNSEEN void Lock() {
    while (__atomic_exchange_n(&held_, 1, __ATOMIC_ACQUIRE) != 0) sched_yield();
  }
  UNSEEN void Unlock() { __atomic_store_n(&held_, 0, __ATOMIC_RELEASE); }

 private:
  int held_ = 0;
};

struct Parked {
  csan_actor actor;
  int value;
  bool ok;
  int go_on;
  Parked* next;
};

struct ParkedList {
  Parked* first = nullptr;
  UNSEEN void Push(Parked* p) {
    Parked** at = &first;
    while (*at != nullptr) at = &(*at)->next;
    p->next = nullptr;
    *at = p;
  }
  // To be let go on.
  UNSEEN Parked* Pop() {
    Parked* p = first;
    if (p == nullptr) return p;
    first = p->next;
    CSAN_TELL(__csan_wait_over, p->actor);
    return p;
  }
};

UNSEEN inline csan_actor ThisActor() {
  return &__csan_actor_self != nullptr ? __csan_actor_self() : nullptr;
}

// With the lock held, which it gives up. What whoever let it go on has made of it.
UNSEEN inline Parked WaitIn(ParkedList* list, TestLock* lock, const void* object, int operation,
                            int value = 0) {
  Parked self = {ThisActor(), value, false, 0, nullptr};
  const csan_case waits = {object, operation};
  list->Push(&self);
  CSAN_TELL(__csan_wait_record, &self, sizeof(self));
  CSAN_TELL(__csan_wait_begin, &waits, 1u, 0u);
  lock->Unlock();
  park(&self.go_on);
  CSAN_TELL(__csan_wait_end);
  return self;
}

// Of ints, as Go's: first in first out, values are handed to who waits.
class Channel {
 public:
  UNSEEN explicit Channel(int capacity = 0, unsigned flags = 0) : capacity_(capacity) {
    OWN_BEGIN();
    CSAN_TELL(__csan_chan_make, this, static_cast<size_t>(capacity), flags);
    OWN_END();
  }
  UNSEEN ~Channel() {
    OWN_BEGIN();
    CSAN_TELL(__csan_chan_destroy, this, static_cast<size_t>(count_));
    OWN_END();
  }
  Channel(const Channel&) = delete;

  // False if it is closed.
  TOLD bool Send(int value) {
    OWN_BEGIN();
    lock_.Lock();
    CSAN_TELL(__csan_chan_sending, this);
    bool ok = !closed_;
    if (!ok) {
      lock_.Unlock();
    } else if (Parked* receiver = receivers_.Pop()) {
      CSAN_TELL(__csan_chan_hand, this, nullptr, receiver->actor);
      Give(receiver, value, true);
      lock_.Unlock();
    } else if (count_ < capacity_) {
      CSAN_TELL(__csan_chan_put, this, nullptr);
      buffer_[(first_ + count_++) % kMax] = value;
      lock_.Unlock();
    } else {
      ok = WaitIn(&senders_, &lock_, this, CSAN_SEND, value).ok;
    }
    OWN_END();
    return ok;
  }

  // False if it is closed and empty.
  TOLD bool Receive(int* value) {
    OWN_BEGIN();
    lock_.Lock();
    bool ok = true;
    if (count_ > 0) {
      CSAN_TELL(__csan_chan_take, this, nullptr);
      *value = buffer_[first_ % kMax];
      first_++;
      count_--;
      if (Parked* sender = senders_.Pop()) {
        CSAN_TELL(__csan_chan_put, this, sender->actor);
        buffer_[(first_ + count_++) % kMax] = sender->value;
        Give(sender, 0, true);
      }
      lock_.Unlock();
    } else if (Parked* sender = senders_.Pop()) {
      CSAN_TELL(__csan_chan_hand, this, sender->actor, nullptr);
      *value = sender->value;
      Give(sender, 0, true);
      lock_.Unlock();
    } else if (closed_) {
      CSAN_TELL(__csan_chan_closed, this, nullptr);
      ok = false;
      lock_.Unlock();
    } else {
      const Parked self = WaitIn(&receivers_, &lock_, this, CSAN_RECEIVE, *value);
      *value = self.value;
      ok = self.ok;
    }
    OWN_END();
    return ok;
  }

  TOLD void Close() {
    OWN_BEGIN();
    lock_.Lock();
    CSAN_TELL(__csan_chan_close, this);
    closed_ = true;
    while (Parked* receiver = receivers_.Pop()) {
      CSAN_TELL(__csan_chan_closed, this, receiver->actor);
      Give(receiver, 0, false);
    }
    while (Parked* sender = senders_.Pop()) Give(sender, 0, false);
    lock_.Unlock();
    OWN_END();
  }

 private:
  static constexpr int kMax = 64;

  UNSEEN static void Give(Parked* parked, int value, bool ok) {
    parked->value = value;
    parked->ok = ok;
    Unpark(&parked->go_on);
  }

  TestLock lock_;
  int capacity_;
  int count_ = 0, first_ = 0;
  int buffer_[kMax] = {};
  bool closed_ = false;
  ParkedList senders_, receivers_;
};

class TestWaitGroup {
 public:
  UNSEEN TestWaitGroup() { CSAN_TELL(__csan_wg_init, this); }
  UNSEEN ~TestWaitGroup() { CSAN_TELL(__csan_wg_destroy, this); }
  TOLD void Add(int delta) {
    OWN_BEGIN();
    lock_.Lock();
    CSAN_TELL(__csan_wg_add, this, static_cast<long>(delta));
    count_ += delta;
    while (count_ <= 0 && waiters_.first != nullptr) Unpark(&waiters_.Pop()->go_on);
    lock_.Unlock();
    OWN_END();
  }
  TOLD void Wait() {
    OWN_BEGIN();
    lock_.Lock();
    CSAN_TELL(__csan_wg_wait, this);
    if (count_ > 0) {
      WaitIn(&waiters_, &lock_, this, CSAN_WAIT_GROUP);
    } else {
      lock_.Unlock();
    }
    CSAN_TELL(__csan_wg_waited, this);
    OWN_END();
  }

 private:
  TestLock lock_;
  int count_ = 0;
  ParkedList waiters_;
};

class TestMutex {
 public:
  TOLD void Lock() {
    OWN_BEGIN();
    lock_.Lock();
    if (held_) {
      WaitIn(&waiters_, &lock_, this, CSAN_LOCK);
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
