#include "frontend/signal/deferred.h"

#include "actor/scope.h"
#include "base/section.h"
#include "platform/platform.h"

namespace csan {

namespace {

enum Use : u32 { kFree, kFilling, kWaiting, kTaken };

struct Deferred {
  u32 use;
  u32 life;  // counts the signals that have had this record
  int signal;
  int timer;
  u64 thread;  // 0: sent to the process
  u64 found;   // the thread that it came to first
  const char* unsafe;
  siginfo_t info;
};

constexpr u32 kRecords = 1024;
constexpr u32 kAgainUs = 50;
constinit Deferred records[kRecords] = {};

// A signal that the kernel or another process sent is for the process; those of pthread_kill and of
// most timers are for the thread, and the rest may as well be.
bool ForProcess(const siginfo_t& info) {
  return info.si_code == SI_USER || info.si_code == SI_KERNEL;
}

// A timer's signal names its record and the record's life: a timer that was set twice may send once
// more when the record serves another signal.
constexpr uptr kMark = 0xC5A0ull << 48;
static_assert(kRecords == 1 << 10);
uptr NameOf(const Deferred& d) {
  return kMark | static_cast<uptr>(d.life & 0xFFFFFF) << 16 | static_cast<uptr>(&d - records);
}
Deferred* Named(const siginfo_t& info) {
  const uptr name = reinterpret_cast<uptr>(info.si_value.sival_ptr);
  Deferred& d = records[name & (kRecords - 1)];
  const bool waits = __atomic_load_n(&d.use, __ATOMIC_ACQUIRE) == kWaiting;
  return waits && NameOf(d) == name ? &d : nullptr;
}

// Whether such a signal waits already. A timer that has run is set again: its signal may have merged
// with one of the program's, which then was the one delivered.
bool Waits(int signal, u64 thread) {
  for (const Deferred& d : records) {
    if (__atomic_load_n(&d.use, __ATOMIC_ACQUIRE) == kWaiting && d.signal == signal &&
        d.thread == thread && (IsArmed(d.timer) || ArmTimer(d.timer, kAgainUs))) {
      return true;
    }
  }
  return false;
}

Deferred* NewRecord() {
  for (Deferred& d : records) {
    u32 free = kFree;
    if (__atomic_load_n(&d.use, __ATOMIC_RELAXED) == kFree &&
        __atomic_compare_exchange_n(&d.use, &free, kFilling, false, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED)) {
      d.life++;
      return &d;
    }
  }
  return nullptr;
}

void Free(Deferred* d) { __atomic_store_n(&d->use, kFree, __ATOMIC_RELEASE); }

}  // namespace

bool InterruptsRuntime(uptr pc) {
  const uptr lo = reinterpret_cast<uptr>(__start_csan_text);
  return InRuntime() || pc - lo < reinterpret_cast<uptr>(__stop_csan_text) - lo;
}

bool IsDeferred(const siginfo_t& info) {
  return info.si_code == SI_TIMER &&
         (reinterpret_cast<uptr>(info.si_value.sival_ptr) & (0xFFFFull << 48)) == kMark;
}

bool Defer(int signal, const siginfo_t& info, const char* unsafe) {
  if (IsDeferred(info)) {
    // If the record is gone, or another thread takes it now, the signal has been delivered.
    if (const Deferred* d = Named(info)) ArmTimer(d->timer, kAgainUs);
    return true;
  }
  const u64 thread = ForProcess(info) ? 0 : GetTid();
  constexpr int kFirstQueued = 32;
  if (signal < kFirstQueued && Waits(signal, thread)) return true;
  Deferred* d = NewRecord();
  if (d == nullptr) return false;
  d->signal = signal;
  d->thread = thread;
  d->found = GetTid();
  d->unsafe = unsafe;
  d->info = info;
  if (!MakeTimer(signal, NameOf(*d), thread, &d->timer)) {
    Free(d);
    return false;
  }
  __atomic_store_n(&d->use, kWaiting, __ATOMIC_RELEASE);
  return ArmTimer(d->timer, kAgainUs);
}

bool TakeDeferred(siginfo_t* info, const char** unsafe) {
  Deferred* d = Named(*info);
  u32 waiting = kWaiting;
  if (d == nullptr || !__atomic_compare_exchange_n(&d->use, &waiting, kTaken, false,
                                                   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
    return false;
  }
  *info = d->info;
  *unsafe = d->found == GetTid() ? d->unsafe : nullptr;
  DeleteTimer(d->timer);
  Free(d);
  return true;
}

void ForgetDeferred() {
  for (Deferred& d : records) Free(&d);
}

}  // namespace csan
