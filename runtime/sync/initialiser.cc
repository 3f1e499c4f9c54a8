#include "sync/initialiser.h"

#include "base/spin_lock.h"

namespace csan {
namespace {

// Initialisations are nested or at once only in small numbers; more are not told to who waits for them.
struct Running {
  uptr addr;
  u32 actor;
};
constexpr u32 kMax = 256;
constinit Running running[kMax] = {};
constinit u32 running_count = 0;
constinit SpinLock lock;

}  // namespace

void BeginInitialisation(uptr addr) {
  const Actor* a = Self();
  if (a == nullptr) return;
  SpinGuard guard(lock);
  if (running_count < kMax) running[running_count++] = {addr, a->id};
}

void EndInitialisation(uptr addr) {
  SpinGuard guard(lock);
  for (u32 i = running_count; i-- > 0;) {
    if (running[i].addr != addr) continue;
    running[i] = running[--running_count];
    return;
  }
}

u32 InitialiserOf(uptr addr) {
  SpinGuard guard(lock);
  for (u32 i = 0; i < running_count; i++) {
    if (running[i].addr == addr) return running[i].actor;
  }
  return Wait::kNobody;
}

void ForgetInitialisations() {
  const u32 self = Self() != nullptr ? Self()->id : Wait::kNobody;
  u32 kept = 0;
  for (u32 i = 0; i < running_count; i++) {
    if (running[i].actor == self) running[kept++] = running[i];
  }
  running_count = kept;
}

}  // namespace csan
