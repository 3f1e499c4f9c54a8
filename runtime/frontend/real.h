// The functions behind our interceptors: looked up once, behind our own symbols in search order.
#pragma once

#include "actor/actor.h"
#include "actor/scope.h"
#include "base/types.h"
#include "init/init.h"

namespace csan {

// dlsym(RTLD_NEXT) with a version if `version` is not null. Never null: a missing symbol ends the
// program with one sentence naming it.
void* RealSymbol(const char* name, const char* version);

}  // namespace csan

// Declares `real_name()`, which returns the real function, resolved at first use.
#define CSAN_REAL_VERSION(name, version)                                           \
  static decltype(&::name) real_##name() {                                         \
    static constinit decltype(&::name) pointer = nullptr;                          \
    decltype(&::name) now = __atomic_load_n(&pointer, __ATOMIC_RELAXED);           \
    if (CSAN_UNLIKELY(now == nullptr)) {                                           \
      now = reinterpret_cast<decltype(&::name)>(csan::RealSymbol(#name, version)); \
      __atomic_store_n(&pointer, now, __ATOMIC_RELAXED);                           \
    }                                                                              \
    return now;                                                                    \
  }
#define CSAN_REAL(name) CSAN_REAL_VERSION(name, nullptr)

// Whether events of this thread are to be told: the runtime runs, and it is not its own doing.
#define CSAN_LISTENING() (csan::InitDone() && !csan::InRuntime() && csan::Self() != nullptr)
