// RWMutex: a lock held by one writer or by any number of readers.
//
// Writers are preferred: once one waits, new readers wait until it has had the lock, and then those that
// have waited all get it. So a goroutine that holds a read lock must not take another one: a writer in
// between would make it wait for itself. Unlocking what is not locked panics.
//
// Happens-before: an Unlock before the return of the next Lock and RLock; an RUnlock before the return of
// the next Lock. Read locks do not order each other.
//
//     csan::RWMutex mutex;
//     {
//       const std::shared_lock read(mutex);
//       Print(table);
//     }
//     const std::unique_lock write(mutex);
#pragma once

#include <csan/go/wait_list.h>

#include <cstdint>

namespace csan::inline go_v1 {

class RWMutex {
 public:
  constexpr RWMutex() = default;
  RWMutex(const RWMutex&) = delete;
  RWMutex& operator=(const RWMutex&) = delete;
  ~RWMutex();

  void Lock();
  bool TryLock();
  void Unlock();
  void RLock();
  bool TryRLock();
  void RUnlock();

  // For std::unique_lock, std::shared_lock and the like.
  void lock() { Lock(); }
  bool try_lock() { return TryLock(); }
  void unlock() { Unlock(); }
  void lock_shared() { RLock(); }
  bool try_lock_shared() { return TryRLock(); }
  void unlock_shared() { RUnlock(); }

 private:
  bool GetForWriting();
  bool GetForReading();

  internal::SpinLock lock_;
  bool writing_ = false;
  std::uint32_t reading_ = 0;
  internal::WaitQueue writers_;
  internal::WaitQueue readers_;
};

}  // namespace csan::inline go_v1
