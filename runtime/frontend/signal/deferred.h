// Signals that arrive while the runtime is at work.
//
// The runtime's code is short and holds spin locks, so a handler must not run in the middle of it:
// what it calls might wait for a lock that its own thread holds, or change a list that is half
// changed. Counting entries and exits would cost every check two writes. Instead the interrupted
// program counter decides: it is in the runtime's section (base/section.h), or the runtime has called
// somebody (RuntimeScope), or else nothing of the runtime is in progress on this thread. Interceptors
// that wait do so in the C library, with nothing locked, so a signal that ends a wait is delivered.
//
// A signal found too early is sent again by a timer kAgainUs later, to the same thread (or to the
// process, if it was), with its number, and the wrapper hands the first siginfo on. So the program sees
// a signal that came a little later: masks, dispositions and interrupted system calls mean what they
// mean at that time. Standard signals merge while they wait, as the kernel's do.
//
// How late: at most some 100 us where a thread is in the runtime now and then; in a loop that does
// nothing but atomic operations, whose few instructions outside are seldom met, 100 ms and at worst half
// a second (measured). Looking more often did not help; single steps out would.
//
// Cost: nothing on any path of the runtime; four system calls for a signal that is put off. Limits:
// kRecords signals at once; above, and if the kernel has no timer left, a signal is delivered where it
// is. A signal to a thread that ends before the timer does is lost with the thread.
#pragma once

#include <signal.h>

#include "base/types.h"

namespace csan {

// Whether a handler must not run now, where `pc` is what the signal interrupted.
bool InterruptsRuntime(uptr pc);

// Whether a timer of ours sent the signal.
bool IsDeferred(const siginfo_t& info);
// Sends the signal again in a while.
// `unsafe` is the function that it would have interrupted, or null. False if that cannot be done.
bool Defer(int signal, const siginfo_t& info, const char* unsafe);
// Puts the first siginfo in the place of the timer's and gives the record back. False if the signal has
// been delivered already. *unsafe becomes what Defer was told, if that was on this thread.
bool TakeDeferred(siginfo_t* info, const char** unsafe);
// In a forked child, which inherits no timers.
void ForgetDeferred();

}  // namespace csan
