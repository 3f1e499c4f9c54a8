// Calls in signal handlers that must not be, and errno changed by a handler.
//
// The rule is POSIX's (2.4.3): behaviour is undefined when a signal interrupts a function that is not
// async-signal-safe and the handler calls one that is not either. Each function that is marked by UnsafeCall
// notes that the thread is in it; a handler takes the note of what it interrupts with it, and a marked
// function that finds one is reported. A signal that arrived within the runtime is handled a little later:
// then what counts is the function that it had found the thread in.
//
// So a handler that is only let through where the program waits (sigsuspend, ppoll), or that runs only while
// the program's own code does, may call what it likes. Faults are left alone: such a handler mostly ends the
// process. A note is stale, and ignored, once the stack has grown back above the function that made it
// (siglongjmp, cancellation). With strict_handlers=1 any call of a marked function in a handler is reported,
// and a handler that returns with another errno than it found.
//
// Marked are malloc, calloc, realloc and free, the operators new and delete, and those functions of output
// streams that are intercepted, but for fclose. What it can miss: all others, so those of aligned memory and
// reallocarray; calls that the C library makes for itself; and a signal that found the thread in a function
// and merged with a later one of its kind.
// Cost: a load and a branch in each marked function, a few stores more once a handler is installed.
#pragma once

#include "actor/actor.h"
#include "actor/scope.h"
#include "base/types.h"

namespace csan {

extern bool handlers_installed;

class UnsafeCall {
 public:
  // `name` as in C, `pc` the place of the call.
  CSAN_ALWAYS_INLINE UnsafeCall(const char* name, uptr pc)
      : actor_(CSAN_LIKELY(!handlers_installed) || InRuntime() ? nullptr : Self()) {
    if (CSAN_UNLIKELY(actor_ != nullptr)) {
      Begin(name, pc, reinterpret_cast<uptr>(__builtin_frame_address(0)));
    }
  }
  ~UnsafeCall() {
    if (CSAN_UNLIKELY(actor_ != nullptr)) actor_->unsafe = outer_;
  }
  UnsafeCall(const UnsafeCall&) = delete;
  UnsafeCall& operator=(const UnsafeCall&) = delete;

 private:
  void Begin(const char* name, uptr pc, uptr frame);

  Actor* actor_;
  UnsafeNote outer_;
};

// What the running actor is in, where the stack is at `sp`; null if it is in none of those functions.
const char* UnsafeAt(uptr sp);

// While a handler runs on the running actor, if there is one.
class InHandler {
 public:
  // `unsafe` is the function that the signal interrupts, null if none; a fault's is not looked at. `handler`
  // is the address of the handler itself, `frame` of who calls it.
  InHandler(int signal, const char* unsafe, bool fault, uptr handler, uptr frame);
  ~InHandler();
  InHandler(const InHandler&) = delete;
  InHandler& operator=(const InHandler&) = delete;

 private:
  Actor* actor_;
  int signal_;
  int errno_;
  bool fault_;
  uptr handler_;
  UnsafeNote unsafe_;
  HandlerNote outer_;
};

}  // namespace csan
