// Locks, notifications and initialisations that a library describes, and what it does to itself.
#include "detect/misuse/lock_misuse.h"
#include "frontend/goroutine/told.h"
#include "sync/events.h"
#include "sync/initialiser.h"
#include "sync/on_behalf.h"

namespace {

csan::LockMode ModeOf(int read) {
  return read != 0 ? csan::LockMode::kRead : csan::LockMode::kWrite;
}

void BeginOwn(csan::uptr caller) {
  csan::Actor* const a = csan::Listener();
  if (a == nullptr) return;
  if (a->own_doing == 0) a->own_pc = caller;
  csan::IgnoreOwnDoing(a, true);
}

}  // namespace

using namespace csan;

extern "C" {

void __csan_own_begin() { BeginOwn(CSAN_CALLER_PC()); }
void __csan_own_begin_at(const void* caller) { BeginOwn(AddrOf(caller)); }
void __csan_own_end() { IgnoreBoth(false); }

void __csan_locked(const void* lock, int read) {
  if (ListenerAt(lock) != nullptr)
    OnLockAcquired(AddrOf(lock), ModeOf(read), Place(CSAN_CALLER_PC()));
}
void __csan_unlocking(const void* lock, int read) {
  if (ListenerAt(lock) != nullptr)
    OnLockReleased(AddrOf(lock), ModeOf(read), Place(CSAN_CALLER_PC()));
}
void __csan_unlock_refused(const void* lock, int read) {
  if (ListenerAt(lock) == nullptr) return;
  const uptr pc = Place(CSAN_CALLER_PC());
  if (HoldsLock(AddrOf(lock))) {
    ReportUnlockWrongMode(AddrOf(lock), ModeOf(read), pc);
  } else {
    ReportUnlockUnlocked(AddrOf(lock), pc);
  }
}
void __csan_lock_destroy(const void* lock) {
  if (ListenerAt(lock) != nullptr) OnLockDestroyed(AddrOf(lock), CSAN_CALLER_PC());
}

void __csan_notify(const void* object) {
  if (Actor* a = ListenerAt(object)) ReleaseFor(a, AddrOf(object));
}
void __csan_notified(const void* object) {
  if (Actor* a = ListenerAt(object)) AcquireFor(a, AddrOf(object));
}
void __csan_forget(const void* object) {
  if (ListenerAt(object) != nullptr) OnSyncObjectReset(AddrOf(object), 1);
}

void __csan_once_begin(const void* once) {
  if (ListenerAt(once) != nullptr) BeginInitialisation(AddrOf(once));
}
void __csan_once_end(const void* once) {
  Actor* const a = ListenerAt(once);
  if (a == nullptr) return;
  EndInitialisation(AddrOf(once));
  ReleaseFor(a, AddrOf(once));
}
}
