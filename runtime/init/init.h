// Start-up order, exit, and the marker that tells interceptors the runtime is at work.
#pragma once

#include "actor/scope.h"
#include "base/types.h"

namespace csan {

// Starts the runtime once: flags, shadow, heap hooks, the main actor. Idempotent; called from the
// module constructors and from .preinit_array, whichever comes first. Async-signal-unsafe.
void EnsureInit();

enum class InitState : u8 { kNotStarted, kStarting, kRunning };
extern InitState init_state;

// True once EnsureInit has finished and until the process's exit handlers are done.
inline bool InitDone() { return init_state == InitState::kRunning; }

// Summary and exit code; runs after the program's own exit handlers.
void AtExit();
// What a program that wants to end with `code` ends with; prints the summary.
int ExitCode(int code);

// False in a child of vfork, which runs in our memory until it becomes another program.
bool IsThisProcess();

// Around fork(), in the forking thread, with all signals blocked in between: the child goes on being
// checked with the forking actor as its only one.
void BeforeFork();
void AfterForkParent();
void AfterForkChild();

}  // namespace csan
