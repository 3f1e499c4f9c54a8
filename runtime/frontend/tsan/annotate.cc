// Orders and facts by address: __tsan_acquire and __tsan_release, and the dynamic annotations.
#include "actor/thread.h"
#include "detect/race/benign.h"
#include "detect/race/memory_events.h"
#include "frontend/tsan/region.h"
#include "sync/events.h"

namespace {

using csan::uptr;

uptr Addr(const volatile void* at) { return reinterpret_cast<uptr>(at); }
void Acquire(const volatile void* at) {
  if (csan::ListenerAt(at) != nullptr) csan::Acquire(Addr(at));
}
void Release(const volatile void* at) {
  if (csan::ListenerAt(at) != nullptr) csan::Release(Addr(at));
}
void Benign(const volatile void* at, uptr size) {
  if (csan::ListenerAt(at) != nullptr) csan::AddBenign(Addr(at), size);
}
csan::LockMode ModeOf(long write) {
  return write != 0 ? csan::LockMode::kWrite : csan::LockMode::kRead;
}

}  // namespace

extern "C" {

CSAN_INTERFACE void __tsan_acquire(void* at) { Acquire(at); }
CSAN_INTERFACE void __tsan_release(void* at) { Release(at); }

#define CSAN_ANNOTATION(name, ...)                                                       \
  CSAN_INTERFACE void name([[maybe_unused]] const char* file, [[maybe_unused]] int line, \
                           ##__VA_ARGS__)

CSAN_ANNOTATION(AnnotateHappensBefore, const volatile void* at) { Release(at); }
CSAN_ANNOTATION(AnnotateHappensAfter, const volatile void* at) { Acquire(at); }
CSAN_ANNOTATION(WTFAnnotateHappensBefore, const volatile void* at) { Release(at); }
CSAN_ANNOTATION(WTFAnnotateHappensAfter, const volatile void* at) { Acquire(at); }
CSAN_ANNOTATION(AnnotateCondVarSignal, const volatile void* condition) { Release(condition); }
CSAN_ANNOTATION(AnnotateCondVarSignalAll, const volatile void* condition) { Release(condition); }
CSAN_ANNOTATION(AnnotateCondVarWait, const volatile void* condition, const volatile void*) {
  Acquire(condition);
}
CSAN_ANNOTATION(AnnotatePCQPut, const volatile void* queue) { Release(queue); }
CSAN_ANNOTATION(AnnotatePCQGet, const volatile void* queue) { Acquire(queue); }
CSAN_ANNOTATION(AnnotatePCQCreate, const volatile void* queue) {
  if (csan::ListenerAt(queue) != nullptr) csan::OnSyncObjectReset(Addr(queue), 1);
}
CSAN_ANNOTATION(AnnotatePCQDestroy, const volatile void*) {}

CSAN_ANNOTATION(AnnotateRWLockCreate, const volatile void* lock) {
  if (csan::ListenerAt(lock) != nullptr) csan::OnSyncObjectReset(Addr(lock), 1);
}
CSAN_ANNOTATION(AnnotateRWLockCreateStatic, const volatile void*) {}
CSAN_ANNOTATION(AnnotateRWLockDestroy, const volatile void* lock) {
  if (csan::ListenerAt(lock) != nullptr) csan::OnLockDestroyed(Addr(lock), CSAN_CALLER_PC());
}
CSAN_ANNOTATION(AnnotateRWLockAcquired, const volatile void* lock, long write) {
  if (csan::ListenerAt(lock) == nullptr) return;
  csan::OnLockAcquired(Addr(lock), ModeOf(write), CSAN_CALLER_PC());
}
CSAN_ANNOTATION(AnnotateRWLockReleased, const volatile void* lock, long write) {
  if (csan::ListenerAt(lock) == nullptr) return;
  csan::OnLockReleased(Addr(lock), ModeOf(write), CSAN_CALLER_PC());
}

CSAN_ANNOTATION(AnnotateBenignRace, const volatile void* at, const char*) { Benign(at, 1); }
CSAN_ANNOTATION(AnnotateBenignRaceSized, const volatile void* at, uptr size, const char*) {
  Benign(at, size);
}
CSAN_ANNOTATION(WTFAnnotateBenignRaceSized, const volatile void* at, uptr size, const char*) {
  Benign(at, size);
}
CSAN_ANNOTATION(AnnotateExpectRace, const volatile void* at, const char*) { Benign(at, 1); }

// Memory that a program's own allocator hands out: what it was before is forgotten.
CSAN_ANNOTATION(AnnotateNewMemory, const volatile void* at, uptr size) {
  if (csan::ListenerAt(at) != nullptr) csan::ForgetRange(Addr(at), size);
}
CSAN_ANNOTATION(AnnotateThreadName, const char* name) {
  if (csan::Actor* a = csan::Listener()) csan::SetThreadName(a, name);
}

CSAN_ANNOTATION(AnnotateMutexIsNotPHB, const volatile void*) {}
CSAN_ANNOTATION(AnnotateMutexIsUsedAsCondVar, const volatile void*) {}
CSAN_ANNOTATION(AnnotateTraceMemory, const volatile void*) {}
CSAN_ANNOTATION(AnnotatePublishMemoryRange, const volatile void*, uptr) {}
CSAN_ANNOTATION(AnnotateUnpublishMemoryRange, const volatile void*, uptr) {}
CSAN_ANNOTATION(AnnotateMemoryIsInitialized, const volatile void*, uptr) {}
CSAN_ANNOTATION(AnnotateMemoryIsUninitialized, const volatile void*, uptr) {}
CSAN_ANNOTATION(AnnotateEnableRaceDetection, int) {}
CSAN_ANNOTATION(AnnotateNoOp, const volatile void*) {}
CSAN_ANNOTATION(AnnotateFlushState) {}
CSAN_ANNOTATION(AnnotateFlushExpectedRaces) {}

// Programs that ask this wait longer or avoid what such tools cannot follow: we are quick.
CSAN_INTERFACE int RunningOnValgrind() { return 0; }
CSAN_INTERFACE double ValgrindSlowdown() { return 1.0; }
CSAN_INTERFACE const char* ThreadSanitizerQuery(const char*) { return "1"; }
}
