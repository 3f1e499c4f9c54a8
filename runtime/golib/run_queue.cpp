#include "run_queue.h"

#include "goroutine.h"

namespace csan::inline go_v1::internal {

void GoroutineList::Push(Goroutine* goroutine) {
  goroutine->next = nullptr;
  (first == nullptr ? first : last->next) = goroutine;
  last = goroutine;
  count++;
}

Goroutine* GoroutineList::Pop() {
  Goroutine* const goroutine = first;
  if (goroutine == nullptr) return nullptr;
  first = goroutine->next;
  count--;
  return goroutine;
}

void GoroutineList::Append(GoroutineList other) {
  if (other.first == nullptr) return;
  (first == nullptr ? first : last->next) = other.first;
  last = other.last;
  count += other.count;
}

bool RunQueue::Empty() const {
  return head_.load(std::memory_order_acquire) == tail_.load(std::memory_order_acquire);
}

void RunQueue::Push(Goroutine* goroutine, GoroutineList& overflow) {
  std::uint32_t head = head_.load(std::memory_order_acquire);
  const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
  if (tail - head == kSize) {
    std::array<Goroutine*, kSize / 2> half;
    for (std::uint32_t i = 0; i < half.size(); i++) {
      half[i] = ring_[(head + i) % kSize].load(std::memory_order_relaxed);
    }
    if (head_.compare_exchange_strong(head, head + kSize / 2, std::memory_order_acq_rel)) {
      for (Goroutine* const one : half) overflow.Push(one);
      overflow.Push(goroutine);
      return;
    }
    // A thief has made room.
  }
  ring_[tail % kSize].store(goroutine, std::memory_order_relaxed);
  tail_.store(tail + 1, std::memory_order_release);
}

Goroutine* RunQueue::Pop() {
  std::uint32_t head = head_.load(std::memory_order_acquire);
  const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
  while (head != tail) {
    Goroutine* const goroutine = ring_[head % kSize].load(std::memory_order_relaxed);
    if (head_.compare_exchange_weak(head, head + 1, std::memory_order_acq_rel)) return goroutine;
  }
  return nullptr;
}

std::uint32_t RunQueue::GrabHalf(RunQueue& other, std::uint32_t at) {
  for (;;) {
    std::uint32_t head = other.head_.load(std::memory_order_acquire);
    const std::uint32_t available = other.tail_.load(std::memory_order_acquire) - head;
    if (available == 0) return 0;
    const std::uint32_t count = available - available / 2;
    if (count > kSize / 2) continue;  // read head and tail of different moments
    for (std::uint32_t i = 0; i < count; i++) {
      Goroutine* const one = other.ring_[(head + i) % kSize].load(std::memory_order_relaxed);
      ring_[(at + i) % kSize].store(one, std::memory_order_relaxed);
    }
    if (other.head_.compare_exchange_strong(head, head + count, std::memory_order_acq_rel)) {
      return count;
    }
  }
}

Goroutine* RunQueue::StealFrom(RunQueue& other) {
  const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
  const std::uint32_t count = GrabHalf(other, tail);
  if (count == 0) return nullptr;
  Goroutine* const last = ring_[(tail + count - 1) % kSize].load(std::memory_order_relaxed);
  if (count > 1) tail_.store(tail + count - 1, std::memory_order_release);
  return last;
}

}  // namespace csan::inline go_v1::internal
