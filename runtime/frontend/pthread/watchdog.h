// The thread that looks for deadlocks.
#pragma once

namespace csan {

// Once there is somebody to watch: at the second actor or the first wait. Again in a forked child, where the
// second actor may be a fiber that is switched to.
void StartWatchdog();
// The last actor has ended: the C library ends the process with its last thread, which this one must not
// be. Waits for its end.
void StopWatchdog();
// In a forked child, which has none.
void ForgetWatchdog();

}  // namespace csan
