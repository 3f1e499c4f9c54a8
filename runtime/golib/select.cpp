// Select. All channels are locked, in the order of their addresses, while a case that is ready is looked
// for, in random order; if there is none, one waiter is queued at each, and the first to be served wins.
#include <csan/go/panic.h>
#include <csan/go/select.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core.h"
#include "random.h"

namespace csan::inline go_v1::internal {
namespace {

// Of one case.
struct Item {
  Arm arm;
  std::size_t index;
  Waiter waiter;
};

// Without allocation for the usual number of cases.
template <class T>
class Array {
 public:
  explicit Array(std::size_t size)
      : heap_(size > few_.size() ? std::make_unique<T[]>(size) : nullptr) {}
  T* data() { return heap_ != nullptr ? heap_.get() : few_.data(); }

 private:
  std::array<T, 8> few_{};
  std::unique_ptr<T[]> heap_;
};

struct Result {
  std::size_t index;  // of the case
  Core::Outcome outcome;
  bool send;
};

bool IsSend(const Arm& arm) { return arm.kind == Arm::Kind::kSend; }

class Selecting {
 public:
  Selecting(Item* items, std::size_t count, Core** cores, csan_case* cases)
      : items_(items), count_(count), cores_(cores), cases_(cases) {
    for (std::size_t i = 0; i < count; i++) cores_[i] = items[i].arm.core;
    std::sort(cores_, cores_ + count);
    core_count_ = static_cast<std::size_t>(std::unique(cores_, cores_ + count) - cores_);
  }

  void Lock() {
    for (std::size_t i = 0; i < core_count_; i++) cores_[i]->lock().lock();
  }
  // Whoever waits may go on, and this be gone, as soon as the last one is unlocked.
  void Unlock() {
    Core* const* const cores = cores_;
    const std::size_t count = core_count_;
    for (std::size_t i = 0; i < count; i++) cores[i]->lock().unlock();
  }

  // Does what is ready; kMustWait if nothing is.
  Result Try(Waiter*& served) {
    for (std::size_t i = count_; i > 1; i--) std::swap(items_[i - 1], items_[Random(i)]);
    for (std::size_t i = 0; i < count_; i++) {
      const Arm& arm = items_[i].arm;
      const Core::Outcome outcome =
          IsSend(arm) ? arm.core->Send(arm.cell, served) : arm.core->Receive(arm.cell, served);
      if (outcome != Core::Outcome::kMustWait) return {items_[i].index, outcome, IsSend(arm)};
    }
    return {0, Core::Outcome::kMustWait, false};
  }

  // Locked before, not after.
  Result Wait() {
    Party& self = Party::Self();
    const hooks::Actor actor = hooks::Self();
    Selection selection;
    for (std::size_t i = 0; i < count_; i++) {
      const Arm& arm = items_[i].arm;
      Waiter& waiter = items_[i].waiter;
      waiter = {.party = &self, .cell = arm.cell, .selection = &selection, .actor = actor};
      QueueOf(arm).Push(waiter);
      cases_[i] = {arm.core, IsSend(arm) ? CSAN_SEND : CSAN_RECEIVE};
      hooks::ChanParks(arm.core);
    }
    hooks::WaitRecorded(items_, count_ * sizeof(Item));
    // Every case is nil: told as one such.
    if (count_ == 0) cases_[0] = {nullptr, CSAN_RECEIVE};
    hooks::WaitBegins(cases_, std::max<std::size_t>(count_, 1));
    self.Park({[](void* argument) { static_cast<Selecting*>(argument)->Unlock(); }, this});
    hooks::WaitEnds();
    Lock();
    Result result{};
    for (std::size_t i = 0; i < count_; i++) {
      Item& item = items_[i];
      if (&item.waiter == selection.winner()) {
        result = {item.index, item.waiter.served ? Core::Outcome::kDone : Core::Outcome::kClosed,
                  IsSend(item.arm)};
        hooks::ChanResumes(item.arm.core);
        if (result.send && !item.waiter.served) hooks::ChanSending(item.arm.core);
      } else if (item.waiter.queued) {
        QueueOf(item.arm).Remove(item.waiter);
      }
    }
    Unlock();
    return result;
  }

 private:
  static WaitQueue& QueueOf(const Arm& arm) {
    return IsSend(arm) ? arm.core->senders() : arm.core->receivers();
  }

  Item* items_;
  std::size_t count_;
  Core** cores_;
  csan_case* cases_;
  std::size_t core_count_ = 0;
};

constexpr std::size_t kNone = SIZE_MAX;

// Nil channels are never ready. Returns how many are left.
std::size_t Prepare(std::span<SelectCase* const> cases, Item* items, std::size_t& otherwise) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < cases.size(); i++) {
    const Arm arm = cases[i]->Prepare();
    if (arm.kind == Arm::Kind::kDefault) {
      if (otherwise != kNone) Throw("select with two defaults");
      otherwise = i;
    } else if (arm.core != nullptr) {
      items[count].arm = arm;
      items[count++].index = i;
    }
  }
  return count;
}

[[gnu::noinline]] Result Choose(Item* items, std::size_t count, std::size_t otherwise,
                                const void* caller) {
  const hooks::Own own(caller);
  Array<Core*> cores(count);
  Array<csan_case> waits(count + 1);
  Selecting selecting(items, count, cores.data(), waits.data());
  Waiter* served = nullptr;
  selecting.Lock();
  Result result = selecting.Try(served);
  if (result.outcome != Core::Outcome::kMustWait || otherwise != kNone) {
    selecting.Unlock();
    WakeAll(served);
    if (result.outcome == Core::Outcome::kMustWait) result.index = otherwise;
    return result;
  }
  return selecting.Wait();
}

}  // namespace

[[gnu::noinline]] std::size_t RunSelect(std::span<SelectCase* const> cases) {
  if (cases.empty()) Throw("select without cases would wait for ever");
  Array<Item> items(cases.size());
  std::size_t otherwise = kNone;
  const std::size_t count = Prepare(cases, items.data(), otherwise);
  const Result result = Choose(items.data(), count, otherwise, __builtin_return_address(0));
  const bool closed = result.outcome == Core::Outcome::kClosed;
  if (closed && result.send) Throw("send on closed channel");
  cases[result.index]->Chosen(!closed);
  return result.index;
}

}  // namespace csan::inline go_v1::internal
