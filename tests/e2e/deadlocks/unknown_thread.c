// KIND: deadlock
// All wait, one of them a thread that was made by clone itself: who may wake that one is not known.
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/order.h"

static int* let_go;  // shared with another process
static int go;

// Has no thread-local variables of its own: only system calls.
UNSEEN static long Call(long number, const void* a, long b, long c) {
  long result;
  register long no_timeout __asm__("r10") = 0;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(no_timeout)
                   : "rcx", "r11", "memory");
  return result;
}
UNSEEN static int Wake(void* argument) {
  (void)argument;
  while (__atomic_load_n(let_go, __ATOMIC_ACQUIRE) == 0) Call(SYS_futex, let_go, FUTEX_WAIT, 0);
  __atomic_store_n(&go, 1, __ATOMIC_RELEASE);
  Call(SYS_futex, &go, FUTEX_WAKE_PRIVATE, 1);
  for (;;) Call(SYS_exit, 0, 0, 0);
}

int main(void) {
  let_go = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_SHARED, -1, 0);
  const pid_t child = fork();
  if (child == 0) {
    usleep(800000);
    __atomic_store_n(let_go, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, let_go, FUTEX_WAKE, 1, 0, 0, 0);
    _exit(0);
  }
  char* stack = malloc(64 << 10);
  const int flags =
      CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  if (!BUG && clone(Wake, stack + (64 << 10), flags, 0) < 0) return 1;
  while (__atomic_load_n(&go, __ATOMIC_ACQUIRE) == 0) {
    syscall(SYS_futex, &go, FUTEX_WAIT_PRIVATE, 0, 0, 0, 0);  // RACE
  }
  return waitpid(child, 0, 0) != child;
}
