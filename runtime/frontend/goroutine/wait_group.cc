// Wait groups that a library describes; sync/wait_group.h and detect/channel/wait_group.h.
#include "detect/channel/wait_group.h"

#include "frontend/goroutine/told.h"
#include "sync/on_behalf.h"
#include "sync/wait_group.h"

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
  return a != nullptr && OnGroupAdd(AddrOf(group), delta, SiteOf(a, CSAN_CALLER_PC())) ? 1 : 0;
}

void __csan_wg_wait(const void* group) {
  if (Actor* a = Listener()) OnGroupWait(AddrOf(group), SiteOf(a, CSAN_CALLER_PC()));
}

void __csan_wg_waited(const void* group) {
  Actor* const a = Listener();
  if (a == nullptr) return;
  UseWaitGroup(AddrOf(group), [&](WaitGroup* g) { AcquireFor(a, AddrOf(&g->clock)); });
}
}
