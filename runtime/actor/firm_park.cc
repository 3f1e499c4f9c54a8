// The firm clocks of fibers that wait, while slots are scarce: 1.8 KB each would be most of what they cost.
//
// The one parked last is the measure: who differs from it in a few slots keeps these and a reference, else a
// copy of its own clock is the measure from then on. So the more actors know the same, the less is kept, and
// never more than 1 KB. What was learnt when is forgotten: it is asked of those who have a slot. Cost: two
// comparisons or copies of 1 KB for a switch, some 100 ns.
#include "actor/firm.h"
#include "base/spin_lock.h"
#include "memory/pool.h"

namespace csan {
namespace {

constexpr char kWhat[] = "what is firmly known";
constinit SharedPool<FirmBody, 16> bodies;
constinit SpinLock lock;  // of those below
constinit Pool<SharedFirm, 16> shared_firms;
constinit SharedFirm* measure = nullptr;

void SetBody(FirmClock* firm, FirmBody* body) {
  __atomic_store_n(&firm->body, body, __ATOMIC_RELEASE);
  firm->at = body != nullptr ? body->at : nullptr;
}

void GiveBody(FirmClock* firm) {
  FirmBody* const body = firm->body;
  SetBody(firm, nullptr);
  bodies.Give(body);
}

// With the lock.
void Drop(SharedFirm* shared) {
  if (shared != nullptr && --shared->users == 0) shared_firms.Give(shared);
}

SharedFirm* TakeMeasure() {
  SpinGuard guard(lock);
  if (measure != nullptr) measure->users++;
  return measure;
}

SharedFirm* MakeMeasure(const u32* at) {
  SpinGuard guard(lock);
  SharedFirm* const made = shared_firms.Take(kWhat);
  CopyInto(made->at, at, kClockCapacity);
  made->users = 2;
  SharedFirm* const before = measure;
  measure = made;
  // A process may be forked in between: nobody is to be measured by what has been given back.
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  Drop(before);
  return made;
}

// False if they are too many.
bool NoteDifferences(FirmClock* firm, const u32* from) {
  u32 n = 0;
  for (u32 begin = 0; begin < kClockCapacity; begin += kClockStep) {
    u32 differs = 0;
    for (u32 i = begin; i < begin + kClockStep; i++) differs |= firm->at[i] ^ from[i];
    for (u32 i = begin; differs != 0 && i < begin + kClockStep; i++) {
      if (firm->at[i] == from[i]) continue;
      if (n == FirmClock::kRaised) return false;
      firm->raised[n++] = MakeWord(i, firm->at[i], 0);
    }
  }
  firm->raised_count = n;
  return true;
}

}  // namespace

void BeginFirm(FirmClock* firm) {
  FirmBody* const body = bodies.Take(kWhat);
  for (u32& epoch : body->at) epoch = 0;
  SetBody(firm, body);
}

void EndFirm(FirmClock* firm) {
  if (firm->body != nullptr) GiveBody(firm);
  SpinGuard guard(lock);
  Drop(firm->shared);
  firm->shared = nullptr;
}

void ParkFirm(FirmClock* firm) {
  SharedFirm* shared = TakeMeasure();
  if (shared == nullptr || !NoteDifferences(firm, shared->at)) {
    firm->raised_count = 0;
    SharedFirm* const made = MakeMeasure(firm->at);
    SpinGuard guard(lock);
    Drop(shared);
    shared = made;
  }
  firm->shared = shared;
  GiveBody(firm);
}

void ResumeFirm(FirmClock* firm) {
  FirmBody* const body = bodies.Take(kWhat);
  CopyInto(body->at, firm->shared->at, kClockCapacity);
  for (u32 i = 0; i < firm->raised_count; i++) {
    body->at[SlotOf(firm->raised[i])] = EpochOf(firm->raised[i]);
  }
  firm->learnt_from = firm->learnt_count;
  SetBody(firm, body);
  SpinGuard guard(lock);
  Drop(firm->shared);
  firm->shared = nullptr;
}

}  // namespace csan
