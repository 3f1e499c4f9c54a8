// Behind the thunks of calls into modules that are not instrumented: the program's arguments are in their
// registers.
#include "actor/foreign.h"
#include "actor/scope.h"
#include "frontend/libc/foreign_slots.h"

namespace csan {
constinit ForeignSlot* foreign_slots = nullptr;
}  // namespace csan

extern "C" csan::uptr csan_foreign_call(csan::u32 index) {
  const csan::ForeignSlot& slot = csan::foreign_slots[index];
  if (!csan::InRuntime()) csan::OnForeignCall(slot.module);
  return slot.target;
}
