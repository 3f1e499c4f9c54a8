#include "clock/measure.h"

#include "memory/pool.h"

namespace csan {
namespace {

constinit SharedPool<Measure, 16> pool;

// The mask of a difference whose epoch a word would not tell.
constexpr u32 kWholeFollows = 1;

// False if they are too many.
bool NoteDifferences(const u32* at, const u32* from, Word* differences, u32* count) {
  u32 n = 0;
  for (u32 begin = 0; begin < kClockCapacity; begin += kClockStep) {
    u32 differs = 0;
    for (u32 i = begin; i < begin + kClockStep; i++) differs |= at[i] ^ from[i];
    for (u32 i = begin; differs != 0 && i < begin + kClockStep; i++) {
      if (at[i] == from[i]) continue;
      const bool large = at[i] > kMaxEpoch;
      if (n + (large ? 2 : 1) > Measures::kDifferences) return false;
      differences[n++] = MakeWord(i, at[i], large ? kWholeFollows : 0);
      if (large) differences[n++] = at[i];
    }
  }
  *count = n;
  return true;
}

}  // namespace

Measure* Measures::Last() {
  SpinGuard guard(lock_);
  if (last_ != nullptr) __atomic_fetch_add(&last_->users, 1u, __ATOMIC_RELAXED);
  return last_;
}

Measure* Measures::Make(const u32* at) {
  Measure* const made = pool.Take("clocks");
  CopyInto(made->at, at, kClockCapacity);
  made->users = 2;
  lock_.Lock();
  Measure* const before = last_;
  last_ = made;
  lock_.Unlock();
  Drop(before);
  return made;
}

Measure* Measures::PutAside(const u32* at, Word* differences, u32* count) {
  Measure* const last = Last();
  if (last != nullptr && NoteDifferences(at, last->at, differences, count)) return last;
  Drop(last);
  *count = 0;
  return Make(at);
}

void TakeBack(const Measure& measure, const Word* differences, u32 count, u32* into) {
  CopyInto(into, measure.at, kClockCapacity);
  for (u32 i = 0; i < count; i++) {
    const Word w = differences[i];
    into[SlotOf(w)] = MaskOf(w) == kWholeFollows ? differences[++i] : EpochOf(w);
  }
}

void Drop(Measure* measure) {
  if (measure == nullptr) return;
  if (__atomic_sub_fetch(&measure->users, 1u, __ATOMIC_ACQ_REL) == 0) pool.Give(measure);
}

}  // namespace csan
