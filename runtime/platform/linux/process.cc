// This process, and the helper that it starts.
#include "platform/platform.h"

#include <fcntl.h>

#include "base/string.h"
#include "platform/linux/environment.h"
#include "platform/linux/syscall.h"

namespace csan {
namespace {

[[noreturn]] void RunChild(const char* const* argv, int in, int out) {
  Syscall(__NR_dup2, static_cast<uptr>(in), 0);
  Syscall(__NR_dup2, static_cast<uptr>(out), 1);
  Syscall(__NR_close_range, 3, ~0u, 0);
  RestoreSignals(0);
  // Without what is preloaded: that may be this runtime, and the helper is not to be checked.
  constexpr u32 kMost = 1024;
  char* env[kMost];
  u32 count = 0;
  for (char** e = start_env; e != nullptr && *e != nullptr && count + 1 < kMost; e++) {
    if (!StartsWith(*e, "LD_PRELOAD=")) env[count++] = *e;
  }
  env[count] = nullptr;
  Syscall(__NR_execve, Arg(argv[0]), Arg(argv), Arg(env));
  Syscall(__NR_exit_group, 127);
  __builtin_unreachable();
}

}  // namespace

u64 GetTid() { return static_cast<u64>(Syscall(__NR_gettid)); }
int GetPid() { return static_cast<int>(Syscall(__NR_getpid)); }

void ExitNow(int code) {
  for (;;) Syscall(__NR_exit_group, static_cast<uptr>(code));
}

bool Spawn(const char* const* argv, int* to, int* from, int* pid) {
  int down[2];
  int up[2];
  if (Syscall(__NR_pipe2, Arg(down), O_CLOEXEC) < 0) return false;
  if (Syscall(__NR_pipe2, Arg(up), O_CLOEXEC) < 0) {
    CloseFd(down[0]);
    CloseFd(down[1]);
    return false;
  }
  const u64 signals = BlockSignals();
  constexpr uptr kSigChld = 17;
  const sptr child = Syscall(__NR_clone, kSigChld);
  if (child == 0) RunChild(argv, down[0], up[1]);
  RestoreSignals(signals);
  CloseFd(down[0]);
  CloseFd(up[1]);
  if (child < 0) {
    CloseFd(down[1]);
    CloseFd(up[0]);
    return false;
  }
  *to = down[1];
  *from = up[0];
  *pid = static_cast<int>(child);
  return true;
}

void Reap(int pid) { Syscall(__NR_wait4, static_cast<uptr>(pid), 0, 0, 0); }

}  // namespace csan
