/* How a library of goroutines, fibers, channels and locks tells CSan what it does.
 *
 * C and C++. Every function is weak: a library built with this header works with and without CSan, and
 * CSAN_TELL(function, arguments…) calls the function only if the program has it. All are thread-safe.
 *
 * What the library does to itself (its queues, its locks, its atomics) is not the program's doing: put it
 * between __csan_own_begin() and __csan_own_end(), or build it without CSan. In between nothing is checked
 * and nothing orders but what is told by the functions below. The functions may be called on either side.
 *
 * "Under the object's lock" means: in the order in which the operations take effect, and not at once with
 * another of the same object. A library that has such a lock tells while it holds it.
 */
#ifndef CSAN_ANNOTATE_H
#define CSAN_ANNOTATE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef CSAN_MAY
#define CSAN_MAY __attribute__((weak))
#endif
#define CSAN_TELL(function, ...) (&(function) != NULL ? (void)(function)(__VA_ARGS__) : (void)0)

/* Nest; belong to who runs. Reports name the place of the outermost begin as the place of what is told
 * within: `caller` is where the program called the library, __builtin_return_address(0) in the function that
 * it calls (give such functions __attribute__((not_tail_called)), or a call in tail position names its
 * caller's caller). The first form is for inline functions of a header. */
CSAN_MAY void __csan_own_begin(void);
CSAN_MAY void __csan_own_begin_at(const void* caller);
CSAN_MAY void __csan_own_end(void);

/* ---- Who runs ------------------------------------------------------------------------------------
 *
 * An actor is a goroutine, a fiber, or a thread. A handle is valid until finish; null stands for "who runs
 * now" wherever an actor is asked for, and every function takes it. */
typedef struct csan_actor_handle* csan_actor;

/* A goroutine that has not run yet; the caller is its creator, and what the caller has done so far
 * happens before what the goroutine does. `name` is copied; null or at most 31 bytes. */
CSAN_MAY csan_actor __csan_actor_create(const char* name);
CSAN_MAY csan_actor __csan_actor_self(void);
CSAN_MAY void __csan_actor_name(csan_actor actor, const char* name);
/* Where its stack lies: [low, low + size). Before it runs first. Leak checks need it, and read it: it stays
 * mapped until the actor has finished. */
CSAN_MAY void __csan_actor_stack(csan_actor actor, const void* low, size_t size);
/* For leak checks: memory beside its stack in which only it keeps pointers, such as its record and the saved
 * context; one range. */
CSAN_MAY void __csan_actor_memory(csan_actor actor, const void* low, size_t size);
/* For leak checks: memory that will hold nothing but stacks. What is on no live one is of no worth. */
CSAN_MAY void __csan_stack_area(const void* low, size_t size);
/* Directly before this thread's real switch of stacks: `to` runs from now on; it may have run on another
 * thread before. To go back to the thread's own stack, `to` is what __csan_actor_self() returned there.
 * Switches order nothing, unless CSAN_ORDERED is given: what a scheduler orders it does by other means,
 * which are told. CSAN_UNSEEN: the switch is by code of the library's own, not by ucontext or by
 * Boost.Context's shared library, which CSan follows. A switch that it follows should be told all the same:
 * else what runs is taken for another's doing, which goes on with what the actor did and is named instead. */
#define CSAN_ORDERED 1u
#define CSAN_UNSEEN 2u
CSAN_MAY void __csan_actor_switch(csan_actor to, unsigned flags);
/* It has ended and does not run; the handle is no more. */
CSAN_MAY void __csan_actor_finish(csan_actor actor);
/* It is meant to be there when the program, or a test, ends. */
CSAN_MAY void __csan_actor_daemon(csan_actor actor);

/* ---- Leaks ---------------------------------------------------------------------------------------
 *
 * Reports goroutines (and threads that wait by the functions below) which can never run again, because
 * nothing that can still run reaches what they wait for. Returns how many findings are new. Stops all other
 * threads meanwhile. At exit it is done anyway. */
CSAN_MAY int __csan_check_leaks(void);
/* By a library that stops those who it runs because the program ends, before it does: gives them a moment to
 * end or to wait, so that leaks are found however early main returns. */
CSAN_MAY void __csan_settle(void);
static inline int csan_check_leaks(void) { return &__csan_check_leaks ? __csan_check_leaks() : 0; }

/* ---- Waiting -------------------------------------------------------------------------------------
 *
 * An actor that must wait says for what, under the lock of each object, before it parks; whoever lets it go
 * on may act for it until then (the functions that take an actor). In between it does nothing but park. */
enum csan_operation {
  CSAN_SEND = 1, /* a channel's; so is the next */
  CSAN_RECEIVE = 2,
  CSAN_LOCK = 3,
  CSAN_READ_LOCK = 4,
  CSAN_WAIT_GROUP = 5, /* until the count is zero */
  CSAN_CONDITION = 6,  /* a notification of any kind: condition, event, future */
  CSAN_ONCE = 7,       /* until another has run it */
  CSAN_SEMAPHORE = 8,
  CSAN_JOIN = 9 /* the object is the csan_actor that must end */
};
/* One case of a select, or all of another wait. An object of null is a nil channel. */
typedef struct csan_case {
  const void* object;
  int operation; /* csan_operation */
} csan_case;

/* Who waits for any of `count` cases (0: for ever). `cases` stays where it is, unchanged, until the end.
 * CSAN_TIMED: something else ends the wait too (a time limit, a sleep, input): no part of a deadlock. */
#define CSAN_TIMED 1u
CSAN_MAY void __csan_wait_begin(const csan_case* cases, size_t count, unsigned flags);
CSAN_MAY void __csan_wait_end(void);
/* For leak checks: by whoever lets `actor` go on, under the lock of the object and before it can run. What it
 * waited for may be nobody's from then on, however long it takes until the actor runs and tells the end. */
CSAN_MAY void __csan_wait_over(csan_actor actor);
/* For leak checks, before a wait begins: where on its stack the caller keeps what others let it go on by (its
 * place in a queue). That they know of it does not make them know of the rest of the stack. */
CSAN_MAY void __csan_wait_record(const void* low, size_t size);

/* ---- Channels ------------------------------------------------------------------------------------
 *
 * Named by the address of the channel object. Happens-before is that of Go's memory model: a send before
 * the receive of its value, the k-th receive before the completion of the (k + capacity)-th send, closing
 * before a receive that finds the channel closed and empty. Exact up to 65 536 places of capacity; above,
 * some places share their order. */
#define CSAN_LENIENT \
  1u /* sending to and closing a closed one are answered by an error, not a mistake */
#define CSAN_MUST_DRAIN 2u /* values left at its end are a finding even if nobody closed it */
#define CSAN_MAY_DROP \
  4u /* values left in a closed one at its end are a note: closing may drop them */
CSAN_MAY void __csan_chan_make(const void* channel, size_t capacity, unsigned flags);
/* `left` values were never received. The address may be used anew. */
CSAN_MAY void __csan_chan_destroy(const void* channel, size_t left);
/* By the sender itself, before each attempt to send, under the channel's lock: also once for each send case
 * of a select, which might be the one chosen. Says whether the channel is closed: then that is a finding,
 * and the send must not go on. A null channel is never closed, and one not made is not known. */
CSAN_MAY int __csan_chan_sending(const void* channel);
/* Under the channel's lock: a value of `sender` goes into the buffer, `receiver` takes the oldest out. */
CSAN_MAY void __csan_chan_put(const void* channel, csan_actor sender);
CSAN_MAY void __csan_chan_take(const void* channel, csan_actor receiver);
/* Under the channel's lock: a value goes from `sender` straight to `receiver`, one of whom waits: of an
 * unbuffered channel, or of an empty buffer. */
CSAN_MAY void __csan_chan_hand(const void* channel, csan_actor sender, csan_actor receiver);
/* Under the channel's lock, before it is closed. A second one is a finding, and so is a null channel: then
 * it returns 1. */
CSAN_MAY int __csan_chan_close(const void* channel);
/* `receiver` finds it closed and empty. */
CSAN_MAY void __csan_chan_closed(const void* channel, csan_actor receiver);

/* ---- Wait groups ---------------------------------------------------------------------------------
 *
 * What is done before each decrement happens before the return of the wait that it lets go on. */
CSAN_MAY void __csan_wg_init(const void* group);
CSAN_MAY void __csan_wg_destroy(const void* group);
/* Before the count changes by `delta`. A count below zero is a finding, and so is a count raised from zero
 * at a time that nothing orders with a wait: then it returns 1. */
CSAN_MAY int __csan_wg_add(const void* group, long delta);
/* At the begin of a wait, and when it returns. */
CSAN_MAY void __csan_wg_wait(const void* group);
CSAN_MAY void __csan_wg_waited(const void* group);

/* ---- Locks ---------------------------------------------------------------------------------------
 *
 * Once held, before the release begins, and at the end of its life. An unlock happens before the next
 * lock; read locks do not order each other. */
CSAN_MAY void __csan_locked(const void* lock, int read);
CSAN_MAY void __csan_unlocking(const void* lock, int read);
/* By who wants to unlock what is not locked so, which the library refuses: a finding. */
CSAN_MAY void __csan_unlock_refused(const void* lock, int read);
CSAN_MAY void __csan_lock_destroy(const void* lock);

/* ---- Everything else that orders -----------------------------------------------------------------
 *
 * What is done before a notify of an address happens before what follows a later notified. Any number of
 * times: conditions, semaphores, events, futures, contexts, a task handed to a pool. */
CSAN_MAY void __csan_notify(const void* object);
CSAN_MAY void __csan_notified(const void* object);
/* A new object at that address has nothing to do with what was there before. */
CSAN_MAY void __csan_forget(const void* object);
/* Around the work that is done once, by whom does it: others wait with CSAN_ONCE and tell notified. */
CSAN_MAY void __csan_once_begin(const void* once);
CSAN_MAY void __csan_once_end(const void* once);

#ifdef __cplusplus
}
#endif

#endif
