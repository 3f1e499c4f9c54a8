// Waits for the locks of files: who keeps a thread waiting.
//
// A lock of an open file (flock, F_OFD_SETLK) has no owner among threads: whoever has a descriptor may give
// it back. So these waits are part of the verdict that nobody is left, not of cycles. And only if the lock
// in the way is one of this process (the kernel says so), of an open file that no other process has: neither
// one that we may look into, nor one that got it in a message or left it to us.
// What this can miss: hangs while other threads run; where an open file has been inherited by a child that
// still has it; where /proc or kcmp is not to be had.
#pragma once

#include "platform/platform.h"
#include "report/finding.h"

namespace csan::deadlock {

// Whether only this process can end the wait.
bool EndsHere(const FileLockWait& wait);
// Adds steps for the locks that are in the way.
void TellFileLocks(Finding* f, const FileLockWait& wait);

}  // namespace csan::deadlock
