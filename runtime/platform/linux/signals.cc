// Signals of the calling thread, and handlers as the kernel has them.
#include "platform/platform.h"

#include "platform/linux/syscall.h"

namespace csan {

u64 BlockSignals() {
  const u64 all = ~0ull;
  u64 old = 0;
  Syscall(__NR_rt_sigprocmask, 0, Arg(&all), Arg(&old), 8);
  return old;
}

void RestoreSignals(u64 set) { Syscall(__NR_rt_sigprocmask, 2, Arg(&set), 0, 8); }

bool ReplaceHandler(int signal, void* handler, void** had) {
  // As the kernel has it: not what the C library's struct of this name looks like.
  struct {
    void* handler;
    u64 flags;
    void* restorer;
    u64 mask;
  } action = {};
  constexpr uptr kMaskSize = 8;
  const auto number = static_cast<uptr>(signal);
  if (Syscall(__NR_rt_sigaction, number, 0, Arg(&action), kMaskSize) != 0) return false;
  if (action.handler == handler) return true;
  if (action.handler == nullptr) return false;
  *had = action.handler;
  action.handler = handler;
  return Syscall(__NR_rt_sigaction, number, Arg(&action), 0, kMaskSize) == 0;
}

}  // namespace csan
