#include "waiter.h"

namespace csan::inline go_v1::internal {

void WaitQueue::Push(Waiter& waiter) {
  waiter.queued = true;
  waiter.next = nullptr;
  waiter.previous = last_;
  (last_ == nullptr ? first_ : last_->next) = &waiter;
  last_ = &waiter;
}

void WaitQueue::PushFirst(Waiter& waiter) {
  waiter.queued = true;
  waiter.next = first_;
  waiter.previous = nullptr;
  (first_ == nullptr ? last_ : first_->previous) = &waiter;
  first_ = &waiter;
}

void WaitQueue::Remove(Waiter& waiter) {
  waiter.queued = false;
  (waiter.previous == nullptr ? first_ : waiter.previous->next) = waiter.next;
  (waiter.next == nullptr ? last_ : waiter.next->previous) = waiter.previous;
  waiter.next = nullptr;
}

bool WaitQueue::Claim(Waiter& waiter) {
  Remove(waiter);
  if (waiter.selection != nullptr && !waiter.selection->Win(&waiter)) return false;
  hooks::WaitOver(waiter.actor);
  return true;
}

Waiter* WaitQueue::Pop() {
  while (first_ != nullptr) {
    Waiter& waiter = *first_;
    if (Claim(waiter)) return &waiter;
  }
  return nullptr;
}

Waiter* WaitQueue::PopAll() {
  Waiter* all = nullptr;
  Waiter** link = &all;
  while (Waiter* const waiter = Pop()) {
    *link = waiter;
    link = &waiter->next;
  }
  return all;
}

bool WaitQueued(Waiter& waiter, SpinLock& lock, const void* object, csan_operation operation) {
  waiter.party = &Party::Self();
  waiter.actor = hooks::Self();
  const csan_case one{object, operation};
  hooks::WaitRecorded(&waiter, sizeof(waiter));
  hooks::WaitBegins(&one, 1);
  waiter.party->Park({[](void* held) { static_cast<SpinLock*>(held)->unlock(); }, &lock});
  hooks::WaitEnds();
  return waiter.served;
}

bool WaitIn(WaitQueue& queue, SpinLock& lock, const void* object, csan_operation operation) {
  Waiter waiter;
  queue.Push(waiter);
  return WaitQueued(waiter, lock, object, operation);
}

}  // namespace csan::inline go_v1::internal
