// Memory from the kernel: the runtime's own, which own_memory.h lists, and the program's blocks.
#include "platform/platform.h"

#include <sys/mman.h>
#include <sys/uio.h>

#include "platform/linux/own_memory.h"
#include "platform/linux/syscall.h"

namespace csan {
namespace {

constinit uptr spare_begin = 0;
constinit uptr spare_next = 0;
constinit uptr spare_end = 0;

uptr Map(uptr at, uptr size, int flags) {
  return static_cast<uptr>(
      Syscall(__NR_mmap, at, size, PROT_READ | PROT_WRITE,
              static_cast<uptr>(MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags),
              static_cast<uptr>(-1), 0));
}

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

void* TryMap(uptr size) {
  void* const at = TryMapForProgram(size);
  if (at != nullptr) Own(Arg(at), size);
  return at;
}

void* TryMapForProgram(uptr size) {
  const uptr at = Map(0, size, 0);
  return Failed(static_cast<sptr>(at)) ? nullptr : reinterpret_cast<void*>(at);
}

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

bool TryMapFixed(uptr addr, uptr size) {
  constexpr int kNoReplace = 0x100000;  // MAP_FIXED_NOREPLACE
  const uptr at = Map(addr, size, kNoReplace);
  if (at == addr) {
    Own(addr, size);
    Syscall(__NR_madvise, addr, size, MADV_NOHUGEPAGE);
    LeaveOutOfDumps(addr, size);
    Syscall(__NR_madvise, addr, size, MADV_WIPEONFORK);
    return true;
  }
  // A kernel older than 4.17 takes the address for a wish.
  if (!Failed(static_cast<sptr>(at))) UnmapForProgram(reinterpret_cast<void*>(at), size);
  return false;
}

void UnmapMemory(void* at, uptr size) {
  Disown(Arg(at), size);
  UnmapForProgram(at, size);
}

void UnmapForProgram(void* at, uptr size) { Syscall(__NR_munmap, Arg(at), size); }

void LeaveOutOfDumps(uptr addr, uptr size) { Syscall(__NR_madvise, addr, size, MADV_DONTDUMP); }
void PutIntoDumps(uptr addr, uptr size) { Syscall(__NR_madvise, addr, size, MADV_DODUMP); }
void ReleasePages(uptr addr, uptr size) { Syscall(__NR_madvise, addr, size, MADV_DONTNEED); }
void UseHugePages(uptr addr, uptr size) { Syscall(__NR_madvise, addr, size, MADV_HUGEPAGE); }

void PopulatePages(uptr addr, uptr size) {
  constexpr uptr kPopulateWrite = 23;  // MADV_POPULATE_WRITE, Linux 5.14; older kernels refuse
  Syscall(__NR_madvise, addr, size, kPopulateWrite);
}

bool TryRead(uptr from, void* to, uptr size) {
  iovec local = {to, size};
  iovec remote = {reinterpret_cast<void*>(from), size};
  const sptr n = Syscall(__NR_process_vm_readv, static_cast<uptr>(GetPid()), Arg(&local), 1,
                         Arg(&remote), 1, 0);
  return n == static_cast<sptr>(size);
}

}  // namespace csan
