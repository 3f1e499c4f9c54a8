// Stops the other threads by ptrace, from a process that shares our memory: a thread cannot trace the threads
// of its own process. The helper runs with the caller's control block, which the caller does not use: it
// waits. If the helper dies, the kernel lets the traced threads go on. A thread that is about to take a
// signal takes it when it goes on; system calls that are interrupted are restarted, but for those of
// signal(7) that are not after SIGCONT (epoll_wait and others may return early with EINTR).
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/user.h>

#include "base/format.h"
#include "platform/linux/syscall.h"
#include "platform/platform.h"

namespace csan {
namespace {

constexpr u32 kThreadsMax = 1 << 15;
constexpr uptr kStack = 1 << 20;
constexpr uptr kWaitAll = 0x40000000;  // __WALL

struct Helper {
  void (*look)(const StoppedThread*, u32, void*);
  void* context;
  int process;
  u32 allowed;  // 1 once the caller lets itself be traced
  u32 done;
  u32 count;
  StoppedThread thread[kThreadsMax];
};

sptr Ptrace(uptr request, u64 tid, uptr addr, uptr data) {
  return Syscall(__NR_ptrace, request, tid, addr, data);
}

bool Known(const Helper& h, u64 tid) {
  for (u32 i = 0; i < h.count; i++) {
    if (h.thread[i].tid == tid) return true;
  }
  return false;
}

void ReadRegisters(StoppedThread* t) {
  user_regs_struct r;
  Ptrace(PTRACE_GETREGS, t->tid, 0, reinterpret_cast<uptr>(&r));
  t->sp = r.rsp;
  const uptr all[16] = {r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.r8,
                        r.r9,  r.r10, r.r11, r.r12, r.r13, r.r14, r.r15, r.rip};
  for (u32 i = 0; i < 16; i++) t->registers[i] = all[i];
  // A pointer that is being moved along with another may be nowhere else.
  constexpr uptr kXState = 0x202;  // NT_X86_XSTATE
  iovec vectors = {t->vectors, sizeof(t->vectors)};
  Ptrace(PTRACE_GETREGSET, t->tid, kXState, reinterpret_cast<uptr>(&vectors));
}

// False if the thread cannot be traced; one that has just ended is none.
bool Stop(Helper* h, u64 tid) {
  if (h->count == kThreadsMax) return false;
  constexpr sptr kNoSuch = -3;  // ESRCH
  if (const sptr error = Ptrace(PTRACE_SEIZE, tid, 0, 0); error < 0) return error == kNoSuch;
  Ptrace(PTRACE_INTERRUPT, tid, 0, 0);
  for (;;) {
    int status = 0;
    if (Syscall(__NR_wait4, tid, reinterpret_cast<uptr>(&status), kWaitAll) < 0) return true;
    const bool stopped = (status & 0xFF) == 0x7F;
    if (!stopped) return true;  // has ended
    if (status >> 16 == PTRACE_EVENT_STOP) break;
    Ptrace(PTRACE_CONT, tid, 0, static_cast<uptr>(status >> 8 & 0xFF));
  }
  StoppedThread* t = &h->thread[h->count++];
  t->tid = tid;
  ReadRegisters(t);
  return true;
}

// Those that the list of threads has now. `more` says whether there were new ones.
bool StopListed(Helper* h, bool* more) {
  Line<64> path;
  path.Str("/proc/").Dec(static_cast<u64>(h->process)).Str("/task");
  struct Listing {
    Helper* h;
    bool* more;
    bool good;
  } listing = {h, more, true};
  const bool listed = ForEachEntry(
      path.data(),
      [](u64 tid, void* context) {
        auto* l = static_cast<Listing*>(context);
        if (Known(*l->h, tid)) return true;
        *l->more = true;
        l->good = Stop(l->h, tid);
        return l->good;
      },
      &listing);
  return listed && listing.good;
}

bool StopAll(Helper* h) {
  for (bool more = true; more;) {
    more = false;
    if (!StopListed(h, &more)) return false;
  }
  return true;
}

[[noreturn]] void Run(Helper* h) {
  while (__atomic_load_n(&h->allowed, __ATOMIC_ACQUIRE) == 0) WaitAt(&h->allowed, 0, 100);
  if (StopAll(h)) {
    h->look(h->thread, h->count, h->context);
    h->done = 1;
  }
  for (u32 i = 0; i < h->count; i++) Ptrace(PTRACE_DETACH, h->thread[i].tid, 0, 0);
  Syscall(__NR_exit, 0);
  __builtin_unreachable();
}

// In the child, on `stack`: run(h).
sptr Clone(uptr stack, Helper* h, void (*run)(Helper*)) {
  constexpr uptr kFlags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_UNTRACED;
  auto* top = reinterpret_cast<uptr*>(stack) - 2;
  top[0] = reinterpret_cast<uptr>(run);
  top[1] = reinterpret_cast<uptr>(h);
  sptr result;
  register uptr r10 __asm__("r10") = 0;
  register uptr r8 __asm__("r8") = 0;
  __asm__ volatile(
      "syscall\n\t"
      "testq %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xorl %%ebp, %%ebp\n\t"
      "popq %%rax\n\t"
      "popq %%rdi\n\t"
      "callq *%%rax\n\t"
      "hlt\n"
      "1:"
      : "=a"(result)
      : "a"(__NR_clone), "D"(kFlags), "S"(top), "d"(0L), "r"(r10), "r"(r8)
      : "rcx", "r11", "memory");
  return result;
}

}  // namespace

bool WithThreadsStopped(void (*look)(const StoppedThread*, u32, void*), void* context) {
  auto* h = static_cast<Helper*>(TryMap(sizeof(Helper)));
  auto* stack = static_cast<char*>(TryMap(kStack));
  bool done = false;
  if (h != nullptr && stack != nullptr) {
    h->look = look;
    h->context = context;
    h->process = GetPid();
    const u64 signals = BlockSignals();
    const sptr helper =
        Clone(reinterpret_cast<uptr>(stack) + kStack, h, [](Helper* self) { Run(self); });
    if (helper > 0) {
      Syscall(__NR_prctl, PR_SET_PTRACER, static_cast<uptr>(helper));
      __atomic_store_n(&h->allowed, 1u, __ATOMIC_RELEASE);
      WakeAt(&h->allowed);
      constexpr sptr kInterrupted = -4;
      int status = 0;
      while (Syscall(__NR_wait4, static_cast<uptr>(helper), reinterpret_cast<uptr>(&status),
                     kWaitAll) == kInterrupted) {
      }
      Syscall(__NR_prctl, PR_SET_PTRACER, 0);
      done = h->done != 0 && status == 0;
    }
    RestoreSignals(signals);
  }
  if (h != nullptr) UnmapMemory(h, sizeof(Helper));
  if (stack != nullptr) UnmapMemory(stack, kStack);
  return done;
}

}  // namespace csan
