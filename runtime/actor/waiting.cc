#include "actor/waiting.h"

#include "actor/scope.h"
#include "sync/events.h"

namespace csan {

constinit void (*on_first_wait)() = nullptr;

Waiting::Waiting(Wait::For what, uptr object, uptr pc, u32 target)
    : actor_(InRuntime() ? nullptr : Self()) {
  if (actor_ == nullptr) return;
  if (what == Wait::For::kFutex &&
      actor_->wait.waits()) {  // the C++ library, in what has been told
    actor_ = nullptr;
    return;
  }
  BeforeWait();
  if (CSAN_UNLIKELY(on_first_wait != nullptr)) {
    if (auto* start = __atomic_exchange_n(&on_first_wait, nullptr, __ATOMIC_ACQ_REL)) start();
  }
  Wait& wait = actor_->wait;
  outer_ = wait;
  wait.what = what;
  wait.target = target;
  wait.object = object;
  wait.site = SiteFor(actor_, StackTop(actor_), PackSite(pc, kNoteNone, 0));
  count_ = outer_.count + ((outer_.count & 1) != 0 ? 2 : 1);
  __atomic_store_n(&wait.count, count_, __ATOMIC_RELEASE);
}

Waiting::~Waiting() {
  if (actor_ == nullptr) return;
  Wait& wait = actor_->wait;
  if (wait.count != count_) return;  // EndWait
  const bool nested = (outer_.count & 1) != 0;
  __atomic_store_n(&wait.count, count_ + (nested ? 2 : 1), __ATOMIC_RELEASE);
  if (!nested) return;
  wait.what = outer_.what;
  wait.target = outer_.target;
  wait.object = outer_.object;
  wait.site = outer_.site;
}

void EndWait() {
  Actor* a = Self();
  if (a != nullptr && a->wait.waits())
    __atomic_store_n(&a->wait.count, a->wait.count + 1, __ATOMIC_RELEASE);
}

}  // namespace csan
