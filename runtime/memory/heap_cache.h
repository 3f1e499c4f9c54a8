// The part of the heap that belongs to one actor: blocks to hand out next, taken from the regions and given
// back a batch at a time, and freed ones on their way into the quarantine.
#pragma once

#include "base/spin_lock.h"
#include "base/types.h"
#include "memory/heap_hooks.h"
#include "memory/size_class.h"

namespace csan {

// Blocks of one class, linked by their first words.
struct FreeList {
  void* head;
  u32 count;

  static void*& NextOf(void* block) { return *static_cast<void**>(block); }
  void Push(void* block) {
    NextOf(block) = head;
    head = block;
    count++;
  }
  void* Pop() {
    void* block = head;
    head = NextOf(block);
    count--;
    return block;
  }
};

// Valid when zero.
struct HeapCache {
  static constexpr u32 kPending = 32;
  FreeList lists[kHeapClasses];
  void* pending[kPending];  // freed, on their way into the quarantine
  u32 pending_count;
};

// Of threads that have no actor yet, or no longer.
extern SpinLock shared_cache_lock;
extern HeapCache shared_cache;

// The running actor's cache, or the shared one, locked.
class CacheUser {
 public:
  CacheUser() : cache_(heap_hooks.cache != nullptr ? heap_hooks.cache() : nullptr) {
    if (cache_ == nullptr) {
      shared_cache_lock.Lock();
      cache_ = &shared_cache;
    }
  }
  ~CacheUser() {
    if (cache_ == &shared_cache) shared_cache_lock.Unlock();
  }
  CacheUser(const CacheUser&) = delete;
  CacheUser& operator=(const CacheUser&) = delete;
  HeapCache* operator->() { return cache_; }

 private:
  HeapCache* cache_;
};

}  // namespace csan
