#include "waiter.h"

namespace csan::inline go_v1::internal {

void WaitQueue::Push(Waiter& waiter) {
  waiter.queued = true;
  waiter.next = nullptr;
  waiter.previous = last_;
  (last_ == nullptr ? first_ : last_->next) = &waiter;
  last_ = &waiter;
}

void WaitQueue::Remove(Waiter& waiter) {
  waiter.queued = false;
  (waiter.previous == nullptr ? first_ : waiter.previous->next) = waiter.next;
  (waiter.next == nullptr ? last_ : waiter.next->previous) = waiter.previous;
}

Waiter* WaitQueue::Pop() {
  while (first_ != nullptr) {
    Waiter& waiter = *first_;
    Remove(waiter);
    if (waiter.selection == nullptr || waiter.selection->Win(&waiter)) return &waiter;
  }
  return nullptr;
}

}  // namespace csan::inline go_v1::internal
