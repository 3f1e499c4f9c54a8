// Locks whose own doing nobody sees, described by the annotations.
#pragma once

#include <sanitizer/tsan_interface.h>

#include "../support/order.h"

struct Lock {
  int word;  // writers: -1, readers: their number

  UNSEEN bool Take(bool read) {
    int now = __atomic_load_n(&word, __ATOMIC_RELAXED);
    if (read ? now < 0 : now != 0) return false;
    return __atomic_compare_exchange_n(&word, &now, read ? now + 1 : -1, 0, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
  }
  UNSEEN void Give(bool read) {
    __atomic_fetch_add(&word, read ? -1 : 1, __ATOMIC_RELEASE);
  }

  void Acquire(unsigned flags = 0) {
    __tsan_mutex_pre_lock(this, flags);
    while (!Take((flags & __tsan_mutex_read_lock) != 0)) sched_yield();
    __tsan_mutex_post_lock(this, flags, 0);
  }
  bool Try(unsigned flags = 0) {
    flags |= __tsan_mutex_try_lock;
    __tsan_mutex_pre_lock(this, flags);
    const bool taken = Take((flags & __tsan_mutex_read_lock) != 0);
    __tsan_mutex_post_lock(this, taken ? flags : flags | __tsan_mutex_try_lock_failed, 0);
    return taken;
  }
  void Release(unsigned flags = 0) {
    __tsan_mutex_pre_unlock(this, flags);
    Give((flags & __tsan_mutex_read_lock) != 0);
    __tsan_mutex_post_unlock(this, flags);
  }
};
