#include "platform/platform.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "base/check.h"
#include "base/format.h"
#include "base/seq_lock.h"
#include "base/spin_lock.h"
#include "base/string.h"
#include "platform/linux/own_memory.h"
#include "platform/linux/syscall.h"

namespace csan {
namespace {

constinit char** start_argv = nullptr;
constinit char** start_env = nullptr;

bool Failed(sptr result) { return result < 0 && result > -4096; }

uptr Arg(const void* p) { return reinterpret_cast<uptr>(p); }

timespec FromMs(u32 ms) {
  return {static_cast<time_t>(ms / 1000), static_cast<long>(ms % 1000) * 1000000};
}

uptr Map(uptr at, uptr size, int flags) {
  return static_cast<uptr>(
      Syscall(__NR_mmap, at, size, PROT_READ | PROT_WRITE,
              static_cast<uptr>(MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags),
              static_cast<uptr>(-1), 0));
}

const char* ParseHex(const char* s, uptr* value) {
  *value = 0;
  for (;; s++) {
    u32 digit;
    if (*s >= '0' && *s <= '9') {
      digit = static_cast<u32>(*s - '0');
    } else if (*s >= 'a' && *s <= 'f') {
      digit = static_cast<u32>(*s - 'a' + 10);
    } else {
      return s;
    }
    *value = *value * 16 + digit;
  }
}

bool ParseMapping(char* line, Mapping* m) {
  const char* s = ParseHex(line, &m->lo);
  if (*s != '-') return false;
  s = ParseHex(s + 1, &m->hi);
  if (*s != ' ') return false;
  m->readable = s[1] == 'r';
  m->writable = s[2] == 'w';
  m->executable = s[3] == 'x';
  m->shared = s[4] == 's';
  s = ParseHex(s + 6, &m->offset);
  for (int fields = 0; fields < 2 && *s != 0; fields++) {
    while (*s == ' ') s++;
    while (*s != 0 && *s != ' ') s++;
  }
  while (*s == ' ') s++;
  StrCopy(m->path, s, sizeof(m->path));
  return true;
}

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

constinit u32 lock_generation = 1;

void SpinLock::LockSlow() {
  for (u32 spins = 0;; spins++) {
    if (__atomic_load_n(&held_, __ATOMIC_RELAXED) != lock_generation && TryLock()) return;
    if (spins < 256) {
      __builtin_ia32_pause();
    } else {
      Yield();
    }
  }
}

void SeqLock::LockSlow() {
  // In a forked child the holder may have stayed in the parent. There is no room to say so, so a lock
  // that nobody has touched for so many turns is taken over.
  constexpr u32 kTurnsMax = 100000;
  u32 seen = 0;
  for (u32 spins = 0; !TryLock(); spins++) {
    if (spins < 256) {
      __builtin_ia32_pause();
      continue;
    }
    Yield();
    const u32 now = __atomic_load_n(&count_, __ATOMIC_RELAXED);
    if (lock_generation == 1 || now != seen) {
      seen = now;
      spins = 256;
    } else if (spins > kTurnsMax && (now & 1) != 0 &&
               __atomic_compare_exchange_n(&count_, &seen, now + 2, false, __ATOMIC_ACQUIRE,
                                           __ATOMIC_RELAXED)) {
      return;
    }
  }
}

void CheckFailed(const char* file, int line, const char* condition) {
  Line<512> text;
  text.Str("internal error at ").Str(file).Put(':').Dec(static_cast<u64>(line));
  text.Str(": ").Str(condition).Str(" does not hold. Please report it.");
  Die(text.data());
}

void* TryMap(uptr size) {
  void* const at = TryMapForProgram(size);
  if (at != nullptr) Own(Arg(at), size);
  return at;
}

void* TryMapForProgram(uptr size) {
  const uptr at = Map(0, size, 0);
  return Failed(static_cast<sptr>(at)) ? nullptr : reinterpret_cast<void*>(at);
}

namespace {

constinit uptr spare_begin = 0;
constinit uptr spare_next = 0;
constinit uptr spare_end = 0;

void* FromSpare(uptr size) {
  constexpr uptr kPage = 4096;
  const uptr wanted = (size + kPage - 1) & ~(kPage - 1);
  uptr at = __atomic_load_n(&spare_next, __ATOMIC_RELAXED);
  do {
    if (spare_end - at < wanted) return nullptr;
  } while (!__atomic_compare_exchange_n(&spare_next, &at, at + wanted, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED));
  return reinterpret_cast<void*>(at);
}

}  // namespace

void* MapMemory(uptr size, const char* what) {
  if (void* at = TryMap(size)) {
    LeaveOutOfDumps(Arg(at), size);
    return at;
  }
  if (void* at = FromSpare(size)) return at;
  DieWithoutAddressSpace(what);
}

void ReserveSpare(uptr size) {
  spare_begin = spare_next = Arg(MapMemory(size, "the spare"));
  spare_end = spare_begin + size;
}

u64 SpareBytesUsed() { return __atomic_load_n(&spare_next, __ATOMIC_RELAXED) - spare_begin; }

void LeaveOutOfDumps(uptr addr, uptr size) { Syscall(__NR_madvise, addr, size, MADV_DONTDUMP); }
void PutIntoDumps(uptr addr, uptr size) { Syscall(__NR_madvise, addr, size, MADV_DODUMP); }

void DieWithoutAddressSpace(const char* what) {
  Line<256> text;
  text.Str("no address space for ").Str(what);
  text.Str(
      ": CSan needs 27 TiB of addresses, though not of memory; lift 'ulimit -v' and 'ulimit -d' "
      "and "
      "set vm.overcommit_memory to 0 or 1.");
  Die(text.data());
}

bool TryMapFixed(uptr addr, uptr size) {
  constexpr int kNoReplace = 0x100000;
  const uptr at = Map(addr, size, kNoReplace);
  if (at == addr) {
    Own(addr, size);
    Syscall(__NR_madvise, addr, size, MADV_NOHUGEPAGE);
    LeaveOutOfDumps(addr, size);
    Syscall(__NR_madvise, addr, size, MADV_WIPEONFORK);
    return true;
  }
  if (!Failed(static_cast<sptr>(at))) UnmapMemory(reinterpret_cast<void*>(at), size);
  return false;
}

void UnmapMemory(void* at, uptr size) {
  Disown(Arg(at), size);
  UnmapForProgram(at, size);
}
void UnmapForProgram(void* at, uptr size) { Syscall(__NR_munmap, Arg(at), size); }
void PopulatePages(uptr addr, uptr size) {
  constexpr uptr kPopulateWrite = 23;  // MADV_POPULATE_WRITE, Linux 5.14; older kernels refuse
  Syscall(__NR_madvise, addr, size, kPopulateWrite);
}

void UseHugePages(uptr addr, uptr size) { Syscall(__NR_madvise, addr, size, MADV_HUGEPAGE); }

void ReleasePages(uptr addr, uptr size) { Syscall(__NR_madvise, addr, size, MADV_DONTNEED); }

sptr WriteFd(int fd, const void* data, uptr size) {
  const char* at = static_cast<const char*>(data);
  uptr left = size;
  while (left != 0) {
    const sptr n = Syscall(__NR_write, static_cast<uptr>(fd), Arg(at), left);
    if (n == -4) continue;  // EINTR
    if (n <= 0) return n;
    at += n;
    left -= static_cast<uptr>(n);
  }
  return static_cast<sptr>(size);
}

sptr ReadFd(int fd, void* data, uptr size) {
  for (;;) {
    const sptr n = Syscall(__NR_read, static_cast<uptr>(fd), Arg(data), size);
    if (n != -4) return n;
  }
}

sptr ReadFdAt(int fd, void* data, uptr size, uptr offset) {
  return Syscall(__NR_pread64, static_cast<uptr>(fd), Arg(data), size, offset);
}

int OpenRead(const char* path) {
  return static_cast<int>(
      Syscall(__NR_openat, static_cast<uptr>(AT_FDCWD), Arg(path), O_RDONLY | O_CLOEXEC));
}

int OpenWrite(const char* path) {
  return static_cast<int>(Syscall(__NR_openat, static_cast<uptr>(AT_FDCWD), Arg(path),
                                  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
}

int OpenAppend(const char* path) {
  return static_cast<int>(Syscall(__NR_openat, static_cast<uptr>(AT_FDCWD), Arg(path),
                                  O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
}

uptr FileSize(int fd) {
  struct stat status;
  if (Syscall(__NR_fstat, static_cast<uptr>(fd), Arg(&status)) != 0) return 0;
  return static_cast<uptr>(status.st_size);
}

bool TryRead(uptr from, void* to, uptr size) {
  iovec local = {to, size};
  iovec remote = {reinterpret_cast<void*>(from), size};
  const sptr n = Syscall(__NR_process_vm_readv, static_cast<uptr>(GetPid()), Arg(&local), 1,
                         Arg(&remote), 1, 0);
  return n == static_cast<sptr>(size);
}

void CloseFd(int fd) { Syscall(__NR_close, static_cast<uptr>(fd)); }

bool IsTerminal(int fd) {
  char termios[64];
  constexpr uptr kGetTermios = 0x5401;
  return Syscall(__NR_ioctl, static_cast<uptr>(fd), kGetTermios, Arg(termios)) == 0;
}

u32 FileType(int fd) {
  struct stat status;
  if (Syscall(__NR_fstat, static_cast<uptr>(fd), Arg(&status)) != 0) return 0;
  return status.st_mode & S_IFMT;
}

u64 GetTid() { return static_cast<u64>(Syscall(__NR_gettid)); }
int GetPid() { return static_cast<int>(Syscall(__NR_getpid)); }
void Yield() { Syscall(__NR_sched_yield); }

bool WaitAt(const u32* at, u32 value, u32 ms) {
  const timespec limit = FromMs(ms);
  if (__atomic_load_n(at, __ATOMIC_ACQUIRE) != value) return true;
  Syscall(__NR_futex, Arg(at), FUTEX_WAIT_PRIVATE, value, Arg(&limit));
  return __atomic_load_n(at, __ATOMIC_ACQUIRE) != value;
}

void WakeAt(const u32* at) { Syscall(__NR_futex, Arg(at), FUTEX_WAKE_PRIVATE, 1); }

namespace {

u64 MicrosecondsOf(clockid_t clock) {
  timespec now = {};
  Syscall(__NR_clock_gettime, static_cast<uptr>(clock), reinterpret_cast<uptr>(&now));
  return static_cast<u64>(now.tv_sec) * 1000000 + static_cast<u64>(now.tv_nsec) / 1000;
}

}  // namespace

u32 NowMs() { return static_cast<u32>(NowUs() / 1000); }
u64 NowUs() { return MicrosecondsOf(CLOCK_MONOTONIC); }
u64 ThreadUs() { return MicrosecondsOf(CLOCK_THREAD_CPUTIME_ID); }
void SleepMs(u32 ms) {
  const timespec time = FromMs(ms);
  Syscall(__NR_nanosleep, Arg(&time), 0);
}

void ExitNow(int code) {
  for (;;) Syscall(__NR_exit_group, static_cast<uptr>(code));
}

void Say(const char* sentence) {
  Line<1024> text;
  text.Str("CSan: ").Str(sentence).Put('\n');
  WriteFd(2, text.data(), text.size());
}

void Die(const char* sentence, int code) {
  Say(sentence);
  ExitNow(code);
}

uptr StartArguments() { return reinterpret_cast<uptr>(start_argv); }

void SetStartEnvironment(char** argv, char** env) {
  start_argv = argv;
  start_env = env;
}

const char* GetEnv(const char* name) {
  const uptr n = StrLen(name);
  for (char** e = start_env; e != nullptr && *e != nullptr; e++) {
    if (StartsWith(*e, name) && (*e)[n] == '=') return *e + n + 1;
  }
  return nullptr;
}

void ForEachMapping(bool (*visit)(const Mapping&, void*), void* context) {
  // The process's own file is empty once the main thread has ended.
  int fd = OpenRead("/proc/thread-self/maps");
  if (fd < 0) fd = OpenRead("/proc/self/maps");
  if (fd < 0) return;
  char buffer[4096];
  uptr have = 0;
  bool more = true;
  while (more) {
    const sptr n = ReadFd(fd, buffer + have, sizeof(buffer) - 1 - have);
    if (n <= 0) break;
    have += static_cast<uptr>(n);
    uptr start = 0;
    for (uptr i = 0; i < have && more; i++) {
      if (buffer[i] != '\n') continue;
      buffer[i] = 0;
      Mapping m;
      if (ParseMapping(buffer + start, &m)) more = visit(m, context);
      start = i + 1;
    }
    if (start == 0 && have == sizeof(buffer) - 1) start = have;  // no such line exists
    for (uptr i = start; i < have; i++) buffer[i - start] = buffer[i];
    have -= start;
  }
  CloseFd(fd);
}

bool FindMapping(uptr addr, Mapping* found) {
  *found = {addr, addr, 0, false, false, false, false, ""};
  ForEachMapping(
      [](const Mapping& m, void* context) {
        auto* wanted = static_cast<Mapping*>(context);
        if (wanted->lo < m.lo || wanted->lo >= m.hi) return true;
        *wanted = m;
        return false;
      },
      found);
  return found->hi != addr;
}

u64 BlockSignals() {
  const u64 all = ~0ull;
  u64 old = 0;
  Syscall(__NR_rt_sigprocmask, 0, Arg(&all), Arg(&old), 8);
  return old;
}

void RestoreSignals(u64 set) { Syscall(__NR_rt_sigprocmask, 2, Arg(&set), 0, 8); }

bool MakeTimer(int signal, uptr value, u64 thread, int* timer) {
  struct {
    uptr value;
    int signal;
    int how;
    int thread;
    int unused[11];
  } event = {
      value, signal, thread != 0 ? SIGEV_THREAD_ID : SIGEV_SIGNAL, static_cast<int>(thread), {}};
  static_assert(sizeof(event) == 64);
  return Syscall(__NR_timer_create, CLOCK_MONOTONIC, Arg(&event), Arg(timer)) == 0;
}

bool ArmTimer(int timer, u32 us) {
  const itimerspec once = {{0, 0}, {0, static_cast<long>(us) * 1000}};
  return Syscall(__NR_timer_settime, static_cast<uptr>(timer), 0, Arg(&once), 0) == 0;
}

bool IsArmed(int timer) {
  itimerspec now = {};
  Syscall(__NR_timer_gettime, static_cast<uptr>(timer), Arg(&now));
  return now.it_value.tv_sec != 0 || now.it_value.tv_nsec != 0;
}

void DeleteTimer(int timer) { Syscall(__NR_timer_delete, static_cast<uptr>(timer)); }

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

void ReexecWithoutRandomisation() {
  const sptr old = Syscall(__NR_personality, 0xFFFFFFFF);
  if (old < 0 || Syscall(__NR_personality, static_cast<uptr>(old) | ADDR_NO_RANDOMIZE) < 0) return;
  Syscall(__NR_execve, Arg("/proc/self/exe"), Arg(start_argv), Arg(start_env));
  Syscall(__NR_personality, static_cast<uptr>(old));
}

bool RandomisationIsOff() {
  const sptr now = Syscall(__NR_personality, 0xFFFFFFFF);
  return now >= 0 && (now & ADDR_NO_RANDOMIZE) != 0;
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
