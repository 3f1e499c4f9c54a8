// Fibers that a program describes: actors of their own. The switch that follows the description must
// not be taken for another one, so frontend/fiber/ is told.
#include "actor/fiber.h"

#include "actor/thread.h"
#include "frontend/fiber/told.h"
#include "frontend/tsan/region.h"

namespace {

constexpr unsigned kNoSync = 1 << 0;

csan::Actor* AsActor(void* fiber) { return static_cast<csan::Actor*>(fiber); }

}  // namespace

extern "C" {

CSAN_INTERFACE void* __tsan_get_current_fiber() { return csan::Self(); }

CSAN_INTERFACE void* __tsan_create_fiber(unsigned) {
  return csan::Listener() != nullptr ? csan::CreateFiber(CSAN_CALLER_PC()) : nullptr;
}

CSAN_INTERFACE void __tsan_destroy_fiber(void* fiber) {
  if (csan::Listener() != nullptr) csan::DestroyFiber(AsActor(fiber));
}

CSAN_INTERFACE void __tsan_switch_to_fiber(void* fiber, unsigned flags) {
  if (csan::Listener() == nullptr || fiber == nullptr) return;
  csan::SwitchToFiber(AsActor(fiber), (flags & kNoSync) == 0);
  csan::TellSwitch();
}

CSAN_INTERFACE void __tsan_set_fiber_name(void* fiber, const char* name) {
  if (csan::Listener() != nullptr) csan::SetThreadName(AsActor(fiber), name);
}
}
