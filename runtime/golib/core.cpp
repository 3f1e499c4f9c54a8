#include "core.h"

#include <csan/go/panic.h>

#include <limits>
#include <new>

namespace csan::inline go_v1::internal {

Core* Core::Make(std::size_t capacity, std::size_t cell_size, DropCell drop) {
  constexpr std::size_t kMost = std::numeric_limits<std::ptrdiff_t>::max();
  if (capacity > (kMost - sizeof(Core)) / cell_size) Throw("makechan: size out of range");
  void* const memory = ::operator new(sizeof(Core) + capacity * cell_size);
  Core* const core = new (memory) Core(capacity, cell_size, drop);
  hooks::ChanMade(core, capacity);
  return core;
}

void Core::Drop() {
  if (drop_ != nullptr) hooks::Notify(&owners_);
  if (owners_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  hooks::ChanDestroyed(this, count_);
  if (drop_ != nullptr) {
    hooks::Notified(&owners_);
    hooks::Forget(&owners_);
    // The program's doing.
    for (; count_ > 0; count_--) {
      drop_(Place(first_));
      first_ = After(first_);
    }
  }
  Free(this);
}

void Core::Free(Core* core) {
  CSAN_GO_OWN;
  core->~Core();
  ::operator delete(core);
}

unsigned char* Core::Place(std::size_t index) {
  return reinterpret_cast<unsigned char*>(this + 1) + index * cell_size_;
}

// Cells of a word are the most frequent.
void Core::Copy(void* to, const void* from) const {
  if (cell_size_ == sizeof(std::uint64_t)) {
    std::memcpy(to, from, sizeof(std::uint64_t));
  } else if (cell_size_ == sizeof(std::uint32_t)) {
    std::memcpy(to, from, sizeof(std::uint32_t));
  } else {
    auto* const bytes = static_cast<unsigned char*>(to);
    for (std::size_t i = 0; i < cell_size_; i++)
      bytes[i] = static_cast<const unsigned char*>(from)[i];
  }
}

Core::Outcome Core::Send(const void* cell, Waiter*& served) {
  hooks::ChanSending(this);
  if (closed_) return Outcome::kClosed;
  if (Waiter* const receiver = receivers_.Pop()) {
    hooks::ChanHanded(this, nullptr, receiver->actor);
    Copy(receiver->cell, cell);
    receiver->served = true;
    served = receiver;
    return Outcome::kDone;
  }
  if (count_ == capacity_) return Outcome::kMustWait;
  hooks::ChanPut(this, nullptr);
  const std::size_t end = first_ + count_;
  Copy(Place(end < capacity_ ? end : end - capacity_), cell);
  count_++;
  return Outcome::kDone;
}

Core::Outcome Core::Receive(void* cell, Waiter*& served) {
  if (count_ == 0) {
    if (Waiter* const sender = senders_.Pop()) {  // unbuffered
      hooks::ChanHanded(this, sender->actor, nullptr);
      Copy(cell, sender->cell);
      sender->served = true;
      served = sender;
      return Outcome::kDone;
    }
    if (!closed_) return Outcome::kMustWait;
    hooks::ChanFoundClosed(this, nullptr);
    return Outcome::kClosed;
  }
  hooks::ChanTaken(this, nullptr);
  unsigned char* const place = Place(first_);
  Copy(cell, place);
  first_ = After(first_);
  if (Waiter* const sender = senders_.Pop()) {
    // Full, so the place that has become free is the last.
    hooks::ChanPut(this, sender->actor);
    Copy(place, sender->cell);
    sender->served = true;
    served = sender;
  } else {
    count_--;
  }
  return Outcome::kDone;
}

bool Core::Close(Waiter*& woken) {
  hooks::ChanClosing(this);
  if (closed_) return false;
  closed_ = true;
  Waiter** link = &woken;
  while (Waiter* const receiver = receivers_.Pop()) {
    hooks::ChanFoundClosed(this, receiver->actor);
    *link = receiver;
    link = &receiver->next;
  }
  while (Waiter* const sender = senders_.Pop()) {
    *link = sender;
    link = &sender->next;
  }
  *link = nullptr;
  return true;
}

}  // namespace csan::inline go_v1::internal
