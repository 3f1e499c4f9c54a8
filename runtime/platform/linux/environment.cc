// What the program was started with, and another start of it with other limits.
#include "platform/linux/environment.h"

#include <sys/personality.h>
#include <sys/resource.h>

#include "base/string.h"
#include "platform/linux/syscall.h"
#include "platform/platform.h"

namespace csan {

constinit char** start_argv = nullptr;
constinit char** start_env = nullptr;

void SetStartEnvironment(char** argv, char** env) {
  start_argv = argv;
  start_env = env;
}

uptr StartArguments() { return reinterpret_cast<uptr>(start_argv); }

const char* GetEnv(const char* name) {
  const uptr n = StrLen(name);
  for (char** e = start_env; e != nullptr && *e != nullptr; e++) {
    if (StartsWith(*e, name) && (*e)[n] == '=') return *e + n + 1;
  }
  return nullptr;
}

bool RandomisationIsOff() {
  const sptr now = Syscall(__NR_personality, 0xFFFFFFFF);
  return now >= 0 && (now & ADDR_NO_RANDOMIZE) != 0;
}

void ReexecWithoutRandomisation() {
  const sptr old = Syscall(__NR_personality, 0xFFFFFFFF);
  if (old < 0 || Syscall(__NR_personality, static_cast<uptr>(old) | ADDR_NO_RANDOMIZE) < 0) return;
  Syscall(__NR_execve, Arg("/proc/self/exe"), Arg(start_argv), Arg(start_env));
  Syscall(__NR_personality, static_cast<uptr>(old));
}

uptr StackLimit() {
  rlimit limit;
  if (Syscall(__NR_prlimit64, 0, RLIMIT_STACK, 0, Arg(&limit)) != 0) return 8 << 20;
  return limit.rlim_cur;
}

void ReexecWithStackLimit(uptr bytes) {
  rlimit limit;
  if (Syscall(__NR_prlimit64, 0, RLIMIT_STACK, 0, Arg(&limit)) != 0) return;
  limit.rlim_cur = bytes;
  if (Syscall(__NR_prlimit64, 0, RLIMIT_STACK, Arg(&limit), 0) != 0) return;
  Syscall(__NR_execve, Arg("/proc/self/exe"), Arg(start_argv), Arg(start_env));
}

}  // namespace csan
