// What a sanitizer's runtime is told, if there is one: all of its functions are weak, and the library is
// never instrumented itself. A goroutine is an actor of its own; switches order nothing, since the
// thread that goroutines take turns on is not the program's doing. What does order is said by Acquire and
// Release.
#pragma once

#include <cstddef>

extern "C" {
[[gnu::weak]] void* __tsan_get_current_fiber();
[[gnu::weak]] void* __tsan_create_fiber(unsigned flags);
[[gnu::weak]] void __tsan_destroy_fiber(void* fiber);
[[gnu::weak]] void __tsan_switch_to_fiber(void* fiber, unsigned flags);
[[gnu::weak]] void __tsan_set_fiber_name(void* fiber, const char* name);
[[gnu::weak]] void __tsan_acquire(void* address);
[[gnu::weak]] void __tsan_release(void* address);
[[gnu::weak]] void __tsan_ignore_thread_begin();
[[gnu::weak]] void __tsan_ignore_thread_end();
// Of CSan only, which knows of a stack's next use by make_fcontext.
[[gnu::weak]] unsigned char __csan_atomic8_load(const void* address, int order);
}

namespace csan::inline go_v1::internal::hooks {

// Null if nobody listens.
using Actor = void*;

inline bool Listened() { return __tsan_create_fiber != nullptr; }

inline Actor ThreadActor() { return Listened() ? __tsan_get_current_fiber() : nullptr; }

// By whoever starts it, which what it does is ordered after.
inline Actor ActorCreated(const char* name) {
  if (!Listened()) return nullptr;
  const Actor actor = __tsan_create_fiber(0);
  if (actor != nullptr && *name != 0) __tsan_set_fiber_name(actor, name);
  return actor;
}
// Directly before the stack is switched.
inline void ActorSwitched(Actor to) {
  constexpr unsigned kNoSync = 1;
  if (to != nullptr) __tsan_switch_to_fiber(to, kNoSync);
}
// By another than the actor itself.
inline void ActorEnded(Actor actor) {
  if (actor != nullptr) __tsan_destroy_fiber(actor);
}

inline void Acquire(const void* address) {
  if (__tsan_acquire != nullptr) __tsan_acquire(const_cast<void*>(address));
}
inline void Release(const void* address) {
  if (__tsan_release != nullptr) __tsan_release(const_cast<void*>(address));
}

// While the library's own memory is allocated, copied or freed by functions that a sanitizer stands in
// front of: its locks are not known.
class Ignore {
 public:
  Ignore() {
    if (__tsan_ignore_thread_begin != nullptr) __tsan_ignore_thread_begin();
  }
  ~Ignore() {
    if (__tsan_ignore_thread_end != nullptr) __tsan_ignore_thread_end();
  }
  Ignore(const Ignore&) = delete;
  Ignore& operator=(const Ignore&) = delete;
};

// A stack's uses by one goroutine after another must not look like races. By the actor that uses it.
inline void StackTaken(const void* stack) {
  if (__csan_atomic8_load == nullptr) Acquire(stack);
}
inline void StackLeft(const void* stack) {
  if (__csan_atomic8_load == nullptr) Release(stack);
}

}  // namespace csan::inline go_v1::internal::hooks
