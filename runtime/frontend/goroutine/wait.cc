// What actors wait for, as the library that parks them says.
#include "actor/waiting.h"

#include "detect/channel/channel.h"
#include "frontend/goroutine/told.h"
#include "sync/initialiser.h"

namespace csan {
namespace {

static_assert(sizeof(WaitCase) == sizeof(csan_case) && CSAN_SEND == 1 && CSAN_RECEIVE == 2);

Wait::For WhatOf(int operation) {
  switch (operation) {
    case CSAN_SEND:
      return Wait::For::kSend;
    case CSAN_RECEIVE:
      return Wait::For::kReceive;
    case CSAN_LOCK:
      return Wait::For::kMutex;
    case CSAN_READ_LOCK:
      return Wait::For::kRead;
    case CSAN_WAIT_GROUP:
      return Wait::For::kWaitGroup;
    case CSAN_ONCE:
      return Wait::For::kOnce;
    case CSAN_SEMAPHORE:
      return Wait::For::kSemaphore;
    case CSAN_JOIN:
      return Wait::For::kJoin;
    default:
      return Wait::For::kCondition;
  }
}

// Who must get on first, where the wait itself says so.
u32 TargetOf(const csan_case& one) {
  if (one.operation == CSAN_ONCE) return InitialiserOf(AddrOf(one.object));
  if (one.operation == CSAN_JOIN && one.object != nullptr)
    return static_cast<const Actor*>(one.object)->id;
  return Wait::kNobody;
}

}  // namespace
}  // namespace csan

using namespace csan;

extern "C" {

void __csan_wait_begin(const csan_case* cases, size_t count, unsigned flags) {
  if (Listener() == nullptr) return;
  if ((flags & CSAN_TIMED) != 0) {
    BeginTimedWait(Place(CSAN_CALLER_PC()));
    return;
  }
  const auto* waits = reinterpret_cast<const WaitCase*>(cases);
  OnChannelWait(waits, static_cast<u32>(count), SiteOf(Self(), CSAN_CALLER_PC()));
  const bool one = count == 1;
  BeginToldWait(one ? WhatOf(cases->operation) : Wait::For::kSelect,
                one ? AddrOf(cases->object) : 0, one ? TargetOf(*cases) : Wait::kNobody, waits,
                static_cast<u32>(count), Place(CSAN_CALLER_PC()));
}

void __csan_wait_over(csan_actor actor) {
  if (Listener() != nullptr) LetGo(ActorOf(actor));
}

void __csan_wait_record(const void* low, size_t size) {
  if (Actor* a = Listener()) a->wait.record = {AddrOf(low), AddrOf(low) + size};
}

void __csan_wait_end() {
  if (Listener() != nullptr) EndToldWait();
}
}
