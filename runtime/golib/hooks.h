// What a sanitizer's runtime is told, if there is one: all of its functions are weak, and the library is
// never instrumented itself. The C++ side of <csan/annotate.h>, which says what each means.
//
// ThreadSanitizer is told what it has words for: goroutines are its fibers, and the order that channels
// and locks make is rougher than it is (each operation on an object is ordered after all before it).
#pragma once

#include <csan/annotate.h>

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
}

namespace csan::inline go_v1::internal::hooks {

// A csan_actor, or a fiber of ThreadSanitizer's. Null if nobody listens, and for who runs.
using Actor = void*;

inline bool Csan() { return __csan_actor_create != nullptr; }
// ThreadSanitizer's functions are CSan's as well.
inline bool Tsan() { return !Csan() && __tsan_create_fiber != nullptr; }
inline csan_actor Handle(Actor actor) { return static_cast<csan_actor>(actor); }

// While the library's own memory is allocated, copied or freed by functions that a sanitizer stands in
// front of, whose locks it does not know; and around what is told: a report names `caller`.
class Own {
 public:
  explicit Own(const void* caller) {
    if (Csan()) __csan_own_begin_at(caller);
    if (Tsan()) __tsan_ignore_thread_begin();
  }
  ~Own() {
    if (Csan()) __csan_own_end();
    if (Tsan()) __tsan_ignore_thread_end();
  }
  Own(const Own&) = delete;
  Own& operator=(const Own&) = delete;
};
// Of the function that it is used in, which must not be inlined.
#define CSAN_GO_OWN const ::csan::internal::hooks::Own own(__builtin_return_address(0))

// Of ThreadSanitizer only.
inline void Acquire(const void* address) {
  if (Tsan()) __tsan_acquire(const_cast<void*>(address));
}
inline void Release(const void* address) {
  if (Tsan()) __tsan_release(const_cast<void*>(address));
}
inline void Pass(const void* address) {
  Acquire(address);
  Release(address);
}

// ---- Who runs. Switches order nothing: which thread goroutines take turns on is not the program's doing.

inline Actor Self() {
  if (Csan()) return __csan_actor_self();
  return Tsan() ? __tsan_get_current_fiber() : nullptr;
}
// By whoever starts it, which what it does is ordered after.
inline Actor ActorCreated(const char* name) {
  if (Csan()) return __csan_actor_create(name);
  if (!Tsan()) return nullptr;
  void* const fiber = __tsan_create_fiber(0);
  if (*name != 0) __tsan_set_fiber_name(fiber, name);
  return fiber;
}
inline void ActorHasStack(Actor actor, const void* low, std::size_t size) {
  if (actor != nullptr && Csan()) __csan_actor_stack(Handle(actor), low, size);
}
// What the library keeps of it beside its stack.
inline void ActorHasRecord(Actor actor, const void* low, std::size_t size) {
  if (actor != nullptr && Csan()) __csan_actor_memory(Handle(actor), low, size);
}
// Where stacks and these records lie, and nothing else.
inline void StacksMapped(const void* low, std::size_t size) {
  if (Csan()) __csan_stack_area(low, size);
}
inline void SelfIsDaemon() {
  if (Csan()) __csan_actor_daemon(nullptr);
}
// Directly before the stack is switched.
inline void ActorSwitched(Actor to) {
  constexpr unsigned kNoSync = 1;
  if (to == nullptr) return;
  if (Csan()) __csan_actor_switch(Handle(to), 0);
  if (Tsan()) __tsan_switch_to_fiber(to, kNoSync);
}
// By another than the actor itself.
inline void ActorEnded(Actor actor) {
  if (actor == nullptr) return;
  if (Csan()) __csan_actor_finish(Handle(actor));
  if (Tsan()) __tsan_destroy_fiber(actor);
}
// Before a thread of the library waits: what earlier calls have left below its stack would be in the gaps
// of the frames that come there, and a search for leaks would take it for a use.
[[gnu::noinline]] inline void WipeStack() {
  if (!Csan()) return;
  char below[4096];
  // Not by memset, which the runtime would take for the program's.
  void* at = below;
  std::size_t words = sizeof(below) / 8;
  __asm__ volatile("rep stosq" : "+D"(at), "+c"(words) : "a"(0) : "memory");
}
// Before none runs any more, because the program ends.
inline void Settle() {
  if (Csan()) __csan_settle();
}
// A stack's uses by one goroutine after another must not look like races; CSan knows by make_fcontext.
inline void StackTaken(const void* stack) { Acquire(stack); }
inline void StackLeft(const void* stack) { Release(stack); }

// ---- Waiting. The cases stay where they are until the end. A wait for what time brings is one like
// others: what is pending is reached from the timers, whose thread waits with a limit then, so it is no
// leak or deadlock.

// `record` is what the waiter is queued by.
inline void WaitRecorded(const void* record, std::size_t size) {
  if (Csan()) __csan_wait_record(record, size);
}
inline void WaitBegins(const csan_case* cases, std::size_t count) {
  if (Csan()) __csan_wait_begin(cases, count, 0);
}
inline void WaitEnds() {
  if (Csan()) __csan_wait_end();
}
// By whoever wakes it, under the lock of what it waits for.
inline void WaitOver(Actor waiter) {
  if (Csan()) __csan_wait_over(Handle(waiter));
}

// ---- Channels. All under the channel's lock, but Destroyed. What the functions say of mistakes is not asked
// for, here and of wait groups: the library finds them itself and panics, with or without a listener, and a
// negative answer may only say that the listener does not know the channel.

inline void ChanMade(const void* chan, std::size_t capacity) {
  if (Csan()) __csan_chan_make(chan, capacity, 0);
}
inline void ChanDestroyed(const void* chan, std::size_t left) {
  if (Csan()) __csan_chan_destroy(chan, left);
}
inline void ChanSending(const void* chan) {
  if (Csan()) __csan_chan_sending(chan);
}
inline void ChanPut(const void* chan, Actor sender) {
  if (Csan()) __csan_chan_put(chan, Handle(sender));
  Pass(chan);
}
inline void ChanTaken(const void* chan, Actor receiver) {
  if (Csan()) __csan_chan_take(chan, Handle(receiver));
  Pass(chan);
}
inline void ChanHanded(const void* chan, Actor sender, Actor receiver) {
  if (Csan()) __csan_chan_hand(chan, Handle(sender), Handle(receiver));
  Pass(chan);
}
inline void ChanClosing(const void* chan) {
  if (Csan()) __csan_chan_close(chan);
  if (chan != nullptr) Release(chan);
}
inline void ChanFoundClosed(const void* chan, Actor receiver) {
  if (Csan()) __csan_chan_closed(chan, Handle(receiver));
  Acquire(chan);
}
// Before and after a wait, by who waits: another does the operation in its name.
inline void ChanParks(const void* chan) { Release(chan); }
inline void ChanResumes(const void* chan) { Acquire(chan); }

// ---- Wait groups, under the group's lock but Destroyed and Waited.

inline void GroupChanges(const void* group, long delta) {
  if (Csan()) __csan_wg_add(group, delta);
  Release(group);
}
inline void GroupWaits(const void* group) {
  if (Csan()) __csan_wg_wait(group);
}
inline void GroupWaited(const void* group) {
  if (Csan()) __csan_wg_waited(group);
  Acquire(group);
}
inline void GroupDestroyed(const void* group) {
  if (Csan()) __csan_wg_destroy(group);
}

// ---- Locks, once held and before the release.

inline void Locked(const void* lock, bool read) {
  if (Csan()) __csan_locked(lock, read ? 1 : 0);
  Acquire(lock);
}
inline void Unlocking(const void* lock, bool read) {
  if (Csan()) __csan_unlocking(lock, read ? 1 : 0);
  Release(lock);
}
inline void UnlockRefused(const void* lock, bool read) {
  if (Csan()) __csan_unlock_refused(lock, read ? 1 : 0);
}
inline void LockDestroyed(const void* lock) {
  if (Csan()) __csan_lock_destroy(lock);
}

// ---- Everything else that orders.

inline void OnceBegins(const void* once) {
  if (Csan()) __csan_once_begin(once);
}
inline void OnceEnds(const void* once) {
  if (Csan()) __csan_once_end(once);
  Release(once);
}

inline void Notify(const void* object) {
  if (Csan()) __csan_notify(object);
  Release(object);
}
inline void Notified(const void* object) {
  if (Csan()) __csan_notified(object);
  Acquire(object);
}
inline void Forget(const void* object) {
  if (Csan()) __csan_forget(object);
}

}  // namespace csan::inline go_v1::internal::hooks
