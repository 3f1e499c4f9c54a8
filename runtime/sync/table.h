// Records of objects that a library names by their address. Buckets are locked, so a record may be used by
// several threads one after the other; records are recycled and never given back.
//
// `Record` has `uptr addr` and `Record* next` and is valid when zero.
#pragma once

#include "base/spin_lock.h"
#include "base/types.h"
#include "platform/platform.h"

namespace csan {

template <typename Record>
class AddressTable {
 public:
  // Calls action(record) with its bucket locked; nothing if there is none and !create. Not to be nested.
  template <typename Action>
  bool With(uptr addr, bool create, Action action) {
    Bucket& bucket = BucketOf(addr);
    SpinGuard guard(bucket.lock);
    Record* record = bucket.first;
    while (record != nullptr && record->addr != addr) record = record->next;
    if (record == nullptr && create) {
      record = New();
      record->addr = addr;
      record->next = bucket.first;
      bucket.first = record;
    }
    if (record != nullptr) action(record);
    return record != nullptr;
  }

  // Ends the record after action(record).
  template <typename Action>
  bool Remove(uptr addr, Action action) {
    Bucket& bucket = BucketOf(addr);
    SpinGuard guard(bucket.lock);
    for (Record** link = &bucket.first; *link != nullptr; link = &(*link)->next) {
      Record* record = *link;
      if (record->addr != addr) continue;
      action(record);
      *link = record->next;
      *record = {};
      SpinGuard free_guard(free_lock_);
      record->next = free_;
      free_ = record;
      return true;
    }
    return false;
  }

 private:
  struct Bucket {
    SpinLock lock;
    Record* first;
  };
  static constexpr u32 kBits = 14;
  static constexpr uptr kBatch = 256 << 10;  // bytes

  Bucket& BucketOf(uptr addr) { return buckets_[addr * 0x9E3779B97F4A7C15ull >> (64 - kBits)]; }

  Record* New() {
    SpinGuard guard(free_lock_);
    if (free_ == nullptr) {
      constexpr uptr kCount = kBatch / sizeof(Record);
      auto* batch = static_cast<Record*>(MapMemory(kBatch, "synchronisation objects"));
      for (uptr i = kCount; i-- > 0;) {
        batch[i].next = free_;
        free_ = &batch[i];
      }
    }
    Record* record = free_;
    free_ = record->next;
    record->next = nullptr;
    return record;
  }

  Bucket buckets_[1 << kBits] = {};
  Record* free_ = nullptr;
  SpinLock free_lock_;
};

}  // namespace csan
