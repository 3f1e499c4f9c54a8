// Wait groups that a library describes; sync/wait_group.h.
#include "sync/wait_group.h"

#include "frontend/goroutine/told.h"
#include "sync/on_behalf.h"

using namespace csan;

extern "C" {

void __csan_wg_init(const void* group) {
  if (Listener() != nullptr) ForgetWaitGroup(AddrOf(group));
}
void __csan_wg_destroy(const void* group) {
  if (Listener() != nullptr) ForgetWaitGroup(AddrOf(group));
}

int __csan_wg_add(const void* group, long delta) {
  Actor* const a = Listener();
  if (a == nullptr) return 0;
  bool wrong = false;
  const StackId site = SiteOf(a, CSAN_CALLER_PC());
  UseWaitGroup(AddrOf(group), [&](WaitGroup* g) {
    wrong = g->count + delta < 0;
    if (delta > 0 && g->count == 0) {
      wrong = wrong || g->waits.Unknown(a) != nullptr;
      g->raises.Put(a, site);
    }
    g->count += delta;
    g->last = {a->id, site};
    ReleaseFor(a, AddrOf(&g->clock));
  });
  return wrong ? 1 : 0;
}

void __csan_wg_wait(const void* group) {
  Actor* const a = Listener();
  if (a == nullptr) return;
  const StackId site = SiteOf(a, CSAN_CALLER_PC());
  UseWaitGroup(AddrOf(group), [&](WaitGroup* g) { g->waits.Put(a, site); });
}

void __csan_wg_waited(const void* group) {
  Actor* const a = Listener();
  if (a == nullptr) return;
  UseWaitGroup(AddrOf(group), [&](WaitGroup* g) { AcquireFor(a, AddrOf(&g->clock)); });
}
}
