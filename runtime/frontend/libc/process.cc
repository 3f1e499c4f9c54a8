// fork, exit handlers and memory maps.
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "detect/race/memory_events.h"
#include "frontend/libc/modules.h"
#include "frontend/real.h"

CSAN_REAL(fork)
CSAN_REAL(munmap)

namespace csan {

// Resolves nothing early: real functions are looked up at first use. Registers the exit work, which
// as the first registered handler runs last.
void InitInterceptors() { atexit(AtExit); }

// libc flushes its streams after the last exit handler, which a changed exit code would forestall.
void FlushStreams() { fflush(nullptr); }

}  // namespace csan

extern "C" {

CSAN_INTERFACE pid_t fork() {
  if (!CSAN_LISTENING()) return real_fork()();
  csan::BeforeFork();
  const pid_t child = real_fork()();
  child == 0 ? csan::AfterForkChild() : csan::AfterForkParent();
  return child;
}

CSAN_INTERFACE int munmap(void* at, size_t size) {
  const int result = real_munmap()(at, size);
  if (result == 0 && CSAN_LISTENING()) {
    csan::ForgetRange(reinterpret_cast<csan::uptr>(at), size);
  }
  return result;
}
}
