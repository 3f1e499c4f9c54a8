// Functions that run when the process, or a library, ends. Edge: registering one → its run, each by itself:
// who constructs a static object is ordered before its destructor, whichever thread ends the process.
//
// atexit and at_quick_exit are in every module and call the functions here. A handler of quick_exit is given
// no argument, so ours are kept in a list of the same order. Cost: 32 bytes for each handler, for ever.
#include <stddef.h>
#include <stdlib.h>

#include "base/spin_lock.h"
#include "base/types.h"
#include "detect/leak/coroutine_leak.h"
#include "frontend/libc/modules.h"
#include "frontend/real.h"
#include "memory/pool.h"
#include "sync/events.h"

extern "C" {
int __cxa_atexit(void (*function)(void*), void* argument, void* module);
int __cxa_at_quick_exit(void (*function)(void*), void* module);
}

CSAN_REAL(__cxa_atexit)
CSAN_REAL(__cxa_at_quick_exit)
CSAN_REAL(on_exit)

namespace csan {
namespace {

struct Handler {
  union {
    void (*function)(void*);
    void (*with_code)(int, void*);
  };
  void* argument;
  u64 clock;  // its address is what counts
  Handler* next;
};
constinit SharedPool<Handler, 128> handlers;
constinit Handler* quick = nullptr;  // the last one first
constinit SpinLock lock;

Handler* NewHandler(void* argument) {
  Handler* const handler = handlers.Take("exit handlers");
  handler->argument = argument;
  Release(reinterpret_cast<uptr>(&handler->clock));
  return handler;
}

void Learn(const Handler* handler) {
  if (CSAN_LISTENING()) Acquire(reinterpret_cast<uptr>(&handler->clock));
}

void Run(void* argument) {
  // The first one, unless a library is unloaded: the others and static objects are as the program left them.
  if (CSAN_LISTENING() && !UnloadsModule()) ReportCoroutinesAtExit();
  const auto* handler = static_cast<Handler*>(argument);
  Learn(handler);
  handler->function(handler->argument);
}
void RunWithCode(int code, void* argument) {
  const auto* handler = static_cast<Handler*>(argument);
  Learn(handler);
  handler->with_code(code, handler->argument);
}
void RunQuick(void*) {
  const Handler* handler;
  {
    SpinGuard guard(lock);
    handler = quick;
    quick = handler->next;
  }
  Learn(handler);
  handler->function(nullptr);
}

}  // namespace
}  // namespace csan

using namespace csan;

extern "C" {

CSAN_INTERFACE int __cxa_atexit(void (*function)(void*), void* argument, void* module) {
  if (!CSAN_LISTENING()) return real___cxa_atexit()(function, argument, module);
  Handler* handler = NewHandler(argument);
  handler->function = function;
  return real___cxa_atexit()(Run, handler, module);
}
CSAN_INTERFACE int on_exit(void (*function)(int, void*), void* argument) noexcept {
  if (!CSAN_LISTENING()) return real_on_exit()(function, argument);
  Handler* handler = NewHandler(argument);
  handler->with_code = function;
  return real_on_exit()(RunWithCode, handler);
}
CSAN_INTERFACE int __cxa_at_quick_exit(void (*function)(void*), void* module) {
  if (!CSAN_LISTENING()) return real___cxa_at_quick_exit()(function, module);
  Handler* handler = NewHandler(nullptr);
  handler->function = function;
  // Both lists in the same order.
  RuntimeScope scope;
  SpinGuard guard(lock);
  const int result = real___cxa_at_quick_exit()(RunQuick, module);
  if (result != 0) return result;
  handler->next = quick;
  quick = handler;
  return result;
}
}
