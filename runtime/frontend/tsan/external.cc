// Objects of libraries that are not instrumented: a use is told as an access to the object's first byte.
// Tags name kinds of objects in TSan's reports; they are taken and not shown.
#include "detect/race/race.h"
#include "frontend/tsan/region.h"
#include "frontend/tsan/stock.h"

namespace {

using csan::uptr;

void Use(const void* at, const void* caller, bool write, uptr pc) {
  if (csan::ListenerAt(at) == nullptr) return;
  // The library has no entry in the shadow stack; its user is what matters.
  csan::EnterFunction(reinterpret_cast<uptr>(caller));
  csan::OnAccess(reinterpret_cast<uptr>(at), 1, write, pc);
  csan::LeaveFunction();
}

}  // namespace

extern "C" {
CSAN_INTERFACE void* __tsan_external_register_tag(const char* type) {
  return const_cast<char*>(type);
}
CSAN_INTERFACE void __tsan_external_register_header(void*, const char*) {}
CSAN_INTERFACE void __tsan_external_assign_tag(void*, void*) {}
CSAN_INTERFACE void __tsan_external_read(void* at, void* caller, void*) {
  Use(at, caller, false, CSAN_CALLER_PC());
}
CSAN_INTERFACE void __tsan_external_write(void* at, void* caller, void*) {
  Use(at, caller, true, CSAN_CALLER_PC());
}
}
