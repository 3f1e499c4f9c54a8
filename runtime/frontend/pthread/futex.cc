// syscall(): futex waits through it, std::atomic::wait and std::future among them, tell that they wait. They
// order nothing by themselves: the atomic operations on the word do. All other calls go to the kernel without
// a frame of ours, as in the C library: one may be a vfork.
#include <errno.h>
#include <linux/futex.h>
#include <unistd.h>

#include "actor/waiting.h"
#include "frontend/real.h"
#include "platform/linux/syscall.h"

using csan::sptr;
using csan::uptr;

extern "C" {

__attribute__((visibility("hidden"), used)) long csan_syscall_failed(sptr result) {
  errno = static_cast<int>(-result);
  return -1;
}

__attribute__((visibility("hidden"), used)) long csan_futex(long number, uptr word, uptr operation,
                                                            uptr value, uptr timeout, uptr word2,
                                                            uptr value3) {
  const uptr command = operation & static_cast<csan::u32>(FUTEX_CMD_MASK);
  const bool waits =
      command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET || command == FUTEX_LOCK_PI;
  auto call = [=] {
    const sptr result = csan::Syscall(number, word, operation, value, timeout, word2, value3);
    return result < 0 && result >= -4095 ? csan_syscall_failed(result) : result;
  };
  if (!waits || timeout != 0) return call();
  const csan::Waiting waiting(csan::Wait::For::kFutex, word, CSAN_CALLER_PC());
  return call();
}
}

static_assert(__NR_futex == 202);
__asm__(
    ".pushsection .text\n"
    ".globl syscall\n"
    ".type syscall, @function\n"
    "syscall:\n"
    ".cfi_startproc\n"
    "  cmpq $202, %rdi\n"
    "  je csan_futex\n"
    "  movq %rdi, %rax\n"
    "  movq %rsi, %rdi\n"
    "  movq %rdx, %rsi\n"
    "  movq %rcx, %rdx\n"
    "  movq %r8, %r10\n"
    "  movq %r9, %r8\n"
    "  movq 8(%rsp), %r9\n"
    "  syscall\n"
    "  cmpq $-4095, %rax\n"
    "  jae 1f\n"
    "  ret\n"
    "1:\n"
    "  movq %rax, %rdi\n"
    "  jmp csan_syscall_failed\n"
    ".cfi_endproc\n"
    ".size syscall, .-syscall\n"
    ".popsection\n");
