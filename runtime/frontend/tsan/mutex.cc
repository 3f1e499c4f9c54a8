// Locks that a program describes. Edges as for the C library's: unlock → the next lock; readers learn
// nothing from readers. Between pre and post the lock's own work is ignored, accesses and order.
//
// A lock taken again by its holder is noted again and released as often; inner releases publish what
// the outermost will publish anew, so they order nothing that it does not.
#include "detect/lock_order/lock_order.h"
#include "detect/misuse/lock_misuse.h"
#include "frontend/tsan/region.h"
#include "sync/events.h"

namespace {

using csan::u32;
using csan::uptr;

// Of <sanitizer/tsan_interface.h>.
constexpr u32 kLinkerInit = 1 << 0;
constexpr u32 kReadLock = 1 << 3;
constexpr u32 kTryLock = 1 << 4;
constexpr u32 kTryLockFailed = 1 << 5;
constexpr u32 kRecursiveLock = 1 << 6;
constexpr u32 kRecursiveUnlock = 1 << 7;
constexpr u32 kNotStatic = 1 << 8;

uptr Addr(const void* at) { return reinterpret_cast<uptr>(at); }
csan::LockMode ModeOf(u32 flags) {
  return (flags & kReadLock) != 0 ? csan::LockMode::kRead : csan::LockMode::kWrite;
}

}  // namespace

extern "C" {

CSAN_INTERFACE void __tsan_mutex_create(void* m, u32 flags) {
  if (csan::ListenerAt(m) != nullptr && (flags & kLinkerInit) == 0) {
    csan::OnSyncObjectReset(Addr(m), 1);
    csan::NameLock(Addr(m), CSAN_CALLER_PC());
  }
}

// With "not static" only a lock that was created so ends: one that was not may be used until the
// process ends. Which it was is not remembered, so it does not end; where its memory is used anew,
// that begins a new life or frees a block.
CSAN_INTERFACE void __tsan_mutex_destroy(void* m, u32 flags) {
  if (csan::ListenerAt(m) != nullptr && (flags & (kLinkerInit | kNotStatic)) == 0) {
    csan::OnLockDestroyed(Addr(m), CSAN_CALLER_PC());
  }
}

CSAN_INTERFACE void __tsan_mutex_pre_lock(void* m, u32 flags) {
  if (csan::ListenerAt(m) == nullptr) return;
  if ((flags & kTryLock) == 0) {
    csan::BeforeLock(Addr(m), ModeOf(flags), CSAN_CALLER_PC());
    csan::BeforeWait();
  }
  csan::IgnoreBoth(true);
}

CSAN_INTERFACE void __tsan_mutex_post_lock(void* m, u32 flags, int recursion) {
  if (csan::ListenerAt(m) == nullptr) return;
  csan::IgnoreBoth(false);
  if ((flags & kTryLockFailed) != 0) return;
  const int levels = (flags & kRecursiveLock) != 0 && recursion > 1 ? recursion : 1;
  for (int i = 0; i < levels; i++) {
    csan::OnLockAcquired(Addr(m), ModeOf(flags), CSAN_CALLER_PC());
  }
}

CSAN_INTERFACE int __tsan_mutex_pre_unlock(void* m, u32 flags) {
  if (csan::ListenerAt(m) == nullptr) return 0;
  const csan::HeldLock* held = csan::FindHeld(csan::Self(), Addr(m));
  if (held != nullptr && held->mode != ModeOf(flags)) {
    csan::ReportUnlockWrongMode(Addr(m), ModeOf(flags), CSAN_CALLER_PC());
  }
  int levels = 1;
  if ((flags & kRecursiveUnlock) != 0) {
    const csan::Actor* a = csan::Self();
    levels = 0;
    for (u32 i = 0; i < a->held_count; i++) levels += a->held[i].addr == Addr(m) ? 1 : 0;
  }
  for (int i = 0; i < levels; i++) {
    csan::OnLockReleased(Addr(m), ModeOf(flags), CSAN_CALLER_PC());
  }
  csan::IgnoreBoth(true);
  return levels;
}

CSAN_INTERFACE void __tsan_mutex_post_unlock(void* m, u32) {
  if (csan::ListenerAt(m) != nullptr) csan::IgnoreBoth(false);
}

CSAN_INTERFACE void __tsan_mutex_pre_signal(void*, u32) { csan::IgnoreBoth(true); }
CSAN_INTERFACE void __tsan_mutex_post_signal(void*, u32) { csan::IgnoreBoth(false); }
// Within one of the regions above something else is done.
CSAN_INTERFACE void __tsan_mutex_pre_divert(void*, u32) { csan::IgnoreBoth(false); }
CSAN_INTERFACE void __tsan_mutex_post_divert(void*, u32) { csan::IgnoreBoth(true); }

// Would accuse; nothing here accuses users of locks yet.
CSAN_INTERFACE void __tsan_check_no_mutexes_held() {}
}
