#include "trace/said.h"

#include "base/spin_lock.h"
#include "platform/platform.h"

namespace csan::trace {

constinit Said::Slot* Said::pool = nullptr;

namespace {
constinit SpinLock pool_lock;
}  // namespace

Said::Said(u64 entries) {
  if (entries <= kSmallCapacity * 8) {
    SpinGuard guard(pool_lock);
    if (pool != nullptr) {
      slots_ = pool;
      pool = *reinterpret_cast<Slot**>(pool);
      generation_ = slots_[0].extent;
    }
  }
  while (capacity_ < entries / 8) capacity_ *= 2;
  if (slots_ == nullptr) {
    slots_ = static_cast<Slot*>(TryMap(Bytes()));
    if (slots_ != nullptr) PopulatePages(reinterpret_cast<uptr>(slots_), Bytes());
  }
  NextEpoch();
}

Said::~Said() {
  if (slots_ == nullptr) return;
  if (capacity_ == kSmallCapacity) {
    SpinGuard guard(pool_lock);
    slots_[0] = {0, generation_};
    *reinterpret_cast<Slot**>(slots_) = pool;
    pool = slots_;
  } else {
    UnmapMemory(slots_, Bytes());
  }
}

void Said::NextEpoch() {
  if (slots_ == nullptr || ++generation_ < 1u << kGenerationBits) return;
  generation_ = 1;
  for (u64 i = kLine; i < capacity_ + kLine; i++) slots_[i] = {0, 0};
}

}  // namespace csan::trace
