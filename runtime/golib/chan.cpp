// The operations on one channel.
#include <csan/go/panic.h>

#include <mutex>

#include "core.h"

namespace csan::inline go_v1::internal {
namespace {

[[noreturn]] void WaitForEver(csan_operation operation) {
  const csan_case nil{nullptr, operation};
  hooks::WaitBegins(&nil, 1);
  for (;;) Party::Self().Park({[](void*) {}, nullptr});
}

// With the channel's lock, which it releases. Whether it was served.
bool Wait(Core& core, void* cell, csan_operation operation) {
  Waiter waiter{.cell = cell};
  (operation == CSAN_SEND ? core.senders() : core.receivers()).Push(waiter);
  hooks::ChanParks(&core);
  WaitQueued(waiter, core.lock(), &core, operation);
  hooks::ChanResumes(&core);
  return waiter.served;
}

Attempt ToAttempt(Core::Outcome outcome) {
  switch (outcome) {
    case Core::Outcome::kDone:
      return Attempt::kDone;
    case Core::Outcome::kClosed:
      return Attempt::kClosed;
    case Core::Outcome::kMustWait:
      break;
  }
  return Attempt::kWouldWait;
}

}  // namespace

CoreRef CoreRef::Make(std::size_t capacity, std::size_t cell_size, DropCell drop) {
  CSAN_GO_OWN;
  CoreRef ref;
  ref.core_ = Core::Make(capacity, cell_size, drop);
  return ref;
}
void CoreRef::Share() const {
  if (core_ != nullptr) core_->Share();
}
void CoreRef::Drop() { core_->Drop(); }

void Send(Core* core, const void* cell) {
  CSAN_GO_OWN;
  if (core == nullptr) WaitForEver(CSAN_SEND);
  Waiter* served = nullptr;
  core->lock().lock();
  switch (core->Send(cell, served)) {
    case Core::Outcome::kDone:
      core->lock().unlock();
      WakeAll(served);
      return;
    case Core::Outcome::kClosed:
      core->lock().unlock();
      break;
    case Core::Outcome::kMustWait:
      if (Wait(*core, const_cast<void*>(cell), CSAN_SEND)) return;
      const std::lock_guard guard(core->lock());
      hooks::ChanSending(core);
  }
  Throw("send on closed channel");
}

bool TrySend(Core* core, const void* cell) {
  CSAN_GO_OWN;
  if (core == nullptr) return false;
  Waiter* served = nullptr;
  Core::Outcome outcome{};
  {
    const std::lock_guard guard(core->lock());
    outcome = core->Send(cell, served);
  }
  if (outcome == Core::Outcome::kClosed) Throw("send on closed channel");
  WakeAll(served);
  return outcome == Core::Outcome::kDone;
}

bool Receive(Core* core, void* cell) {
  CSAN_GO_OWN;
  if (core == nullptr) WaitForEver(CSAN_RECEIVE);
  Waiter* served = nullptr;
  core->lock().lock();
  const Core::Outcome outcome = core->Receive(cell, served);
  if (outcome == Core::Outcome::kMustWait) return Wait(*core, cell, CSAN_RECEIVE);
  core->lock().unlock();
  WakeAll(served);
  return outcome == Core::Outcome::kDone;
}

Attempt TryReceive(Core* core, void* cell) {
  CSAN_GO_OWN;
  if (core == nullptr) return Attempt::kWouldWait;
  Waiter* served = nullptr;
  Core::Outcome outcome{};
  {
    const std::lock_guard guard(core->lock());
    outcome = core->Receive(cell, served);
  }
  WakeAll(served);
  return ToAttempt(outcome);
}

void Close(Core* core) {
  CSAN_GO_OWN;
  if (core == nullptr) {
    hooks::ChanClosing(nullptr);
    Throw("close of nil channel");
  }
  Waiter* woken = nullptr;
  bool open = false;
  {
    const std::lock_guard guard(core->lock());
    open = core->Close(woken);
  }
  if (!open) Throw("close of closed channel");
  WakeAll(woken);
}

std::size_t Length(Core* core) {
  if (core == nullptr) return 0;
  const std::lock_guard guard(core->lock());
  return core->count();
}

std::size_t Capacity(const Core* core) { return core != nullptr ? core->capacity() : 0; }

}  // namespace csan::inline go_v1::internal
