// Records of one kind for the runtime's own use, linked by their `next` while nobody uses them. Mapped many
// at a time and never given back to the kernel. Not thread-safe: who has a pool has a lock for it.
#pragma once

#include "base/types.h"
#include "platform/platform.h"

namespace csan {

template <typename Record, u32 kBatch>
class Pool {
 public:
  // As it was left by its last user, or zero. `what` is told to the user if there is no address space.
  Record* Take(const char* what) {
    if (unused_ == nullptr) {
      auto* batch = static_cast<Record*>(MapMemory(sizeof(Record) * kBatch, what));
      for (u32 i = 0; i < kBatch; i++) Give(&batch[i]);
    }
    Record* record = unused_;
    unused_ = record->next;
    return record;
  }
  void Give(Record* record) {
    record->next = unused_;
    unused_ = record;
  }

 private:
  Record* unused_ = nullptr;
};

}  // namespace csan
