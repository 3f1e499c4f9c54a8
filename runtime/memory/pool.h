// Records of one kind for the runtime's own use, linked by their `next` while nobody uses them. Mapped many
// at a time and never given back to the kernel.
#pragma once

#include "base/spin_lock.h"
#include "base/types.h"
#include "memory/arena.h"

namespace csan {

// Not thread-safe: who has a pool has a lock for it.
template <typename Record, u32 kBatch>
class Pool {
 public:
  // As it was left by its last user, or zero. `what` is told to the user if there is no address space.
  Record* Take(const char* what) {
    Record* record = unused_;
    if (record == nullptr) return static_cast<Record*>(arena_.Take(sizeof(Record), what));
    unused_ = record->next;
    return record;
  }
  void Give(Record* record) {
    record->next = unused_;
    unused_ = record;
  }

 private:
  Record* unused_ = nullptr;
  Arena<sizeof(Record) * kBatch> arena_;
};

// The same with a lock of its own.
template <typename Record, u32 kBatch>
class SharedPool {
 public:
  Record* Take(const char* what) {
    SpinGuard guard(lock_);
    return pool_.Take(what);
  }
  void Give(Record* record) {
    SpinGuard guard(lock_);
    pool_.Give(record);
  }

 private:
  SpinLock lock_;
  Pool<Record, kBatch> pool_;
};

}  // namespace csan
