// How processes begin and end. Nothing is ordered here: a forked child has memory of its own.
//
// fork is not intercepted: handlers registered with pthread_atfork before any of the program's
// surround just the fork itself, so that the program's own handlers may call in, and forks that the
// C library makes for its own ends count too. _Fork runs no handlers and clone without CLONE_VM is a
// fork. vfork and posix_spawn need nothing: the child borrows the parent's thread until it becomes
// another program.
//
// A thread made by a bare clone(CLONE_VM) has no actor: its events are not seen. It must have a thread
// pointer of its own (CLONE_SETTLS), or be waited for (CLONE_VFORK), or else not be instrumented.
//
// Findings are written when they are made, so an end by a signal or abort loses none. What is left for
// the end are the summary and the exit code.
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "actor/actor.h"
#include "actor/thread.h"
#include "frontend/real.h"
#include "platform/platform.h"

CSAN_REAL(_Fork)
CSAN_REAL(clone)

namespace csan {

// As the first registered handlers ours run last at exit and next to the fork. Real functions are
// looked up at first use.
void InitInterceptors() {
  atexit(AtExit);
  at_quick_exit(AtExit);
  pthread_atfork(BeforeFork, AfterForkParent, AfterForkChild);
}

// libc flushes its streams after the last exit handler, which a changed exit code would forestall.
// Like exit it must not wait for a thread that is blocked reading from a stream.
void FlushStreams() { fcloseall(); }

namespace {

struct Starter {
  int (*function)(void*);
  void* argument;
};

int RunForked(void* argument) {
  AfterForkChild();
  const auto* child = static_cast<Starter*>(argument);
  return child->function(child->argument);
}

int RunBare(void* argument) {
  UseOrphanStack();
  const auto* child = static_cast<Starter*>(argument);
  return child->function(child->argument);
}

}  // namespace
}  // namespace csan

using namespace csan;

extern "C" {

CSAN_INTERFACE pid_t _Fork() {
  if (!InitDone()) return real__Fork()();
  auto* const real = real__Fork();
  BeforeFork();
  const pid_t child = real();
  child == 0 ? AfterForkChild() : AfterForkParent();
  return child;
}

CSAN_INTERFACE int clone(int (*function)(void*), void* stack, int flags, void* argument, ...) {
  va_list list;
  va_start(list, argument);
  auto* parent_tid = va_arg(list, pid_t*);
  void* tls = va_arg(list, void*);
  auto* child_tid = va_arg(list, pid_t*);
  va_end(list);
  auto* const real = real_clone();
  if (!InitDone() || function == nullptr) {
    return real(function, stack, flags, argument, parent_tid, tls, child_tid);
  }
  Starter child = {function, argument};
  if ((flags & CLONE_VM) == 0) {
    BeforeFork();
    const int result = real(RunForked, stack, flags, &child, parent_tid, tls, child_tid);
    AfterForkParent();
    return result;
  }
  if ((flags & CLONE_SETTLS) == 0) {
    return real(function, stack, flags, argument, parent_tid, tls, child_tid);
  }
  // On the heap for ever: nobody says when the thread has read it.
  auto* kept = static_cast<Starter*>(MapMemory(sizeof(Starter), "a thread"));
  *kept = child;
  return real(RunBare, stack, flags, kept, parent_tid, tls, child_tid);
}

CSAN_INTERFACE void _exit(int code) { ExitNow(ExitCode(code)); }
CSAN_INTERFACE void _Exit(int code) { ExitNow(ExitCode(code)); }
}
