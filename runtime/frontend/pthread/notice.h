// Functions of the program that the C library calls on threads of its own making: notices of timers,
// message queues and asynchronous operations (SIGEV_THREAD). It makes the threads by an inner name, so
// the call is where they become actors; without that the first instrumented function would push to a
// shadow stack that is not there.
//
// Edge: the release of the notice's clock → the call. Nobody joins such a thread.
#pragma once

#include <signal.h>

#include "base/types.h"
#include "trace/stack_table.h"

namespace csan {

struct Notice {
  static constexpr u32 kSources = 8;
  void (*function)(sigval);
  sigval value;
  u32 parent;
  StackId created;
  uptr clock;      // which the call acquires
  u32 holders;     // 0: kept for ever
  u32 sources;     // of the descriptors that the operation reads, as many as there is room for
  const void* at;  // the event of the program that it has been put into; null for a copy of ours
  int source[kSources];
  u64 own_clock;  // its address is what counts
  Notice* next;   // in the free list
};

// Of the calling actor for an event of SIGEV_THREAD, with a clock of its own. It goes when it has been
// dropped as often as there are holders; the call is one.
Notice* NewNotice(const sigevent& event, uptr pc, u32 holders);
void DropNotice(Notice* notice);
void AddSource(Notice* notice, int fd);

// What the C library is told to call instead.
sigevent Calling(const sigevent& event, Notice* notice);

// The same in the program's own memory, where the C library looks at the end of an operation; and back,
// once the operation is known to be over. The second does nothing if there is nothing of ours.
void PutNotice(sigevent* event, Notice* notice);
void TakeNotice(sigevent* event);

// Whoever gets the signal of the event, if it is one for a signal, learns of what was before.
void ReleaseSignalOf(const sigevent* event);

inline bool CallsThread(const sigevent* event) {
  return event != nullptr && event->sigev_notify == SIGEV_THREAD;
}

}  // namespace csan
