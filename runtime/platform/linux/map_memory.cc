// Memory from the kernel: the runtime's own, which own_memory.h lists, and the program's blocks.
#include "platform/platform.h"

#include <errno.h>
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

constexpr int kNoReplace = 0x100000;  // MAP_FIXED_NOREPLACE, as of Linux 4.17; before, a wish

// Where the program has put something itself, the next place; after some, and if there is no other, the
// kernel's choice.
uptr MapOwn(uptr size) {
  constexpr u32 kTries = 100;
  for (u32 i = 0; i < kTries; i++) {
    const uptr place = TakePlace(size);
    if (place == 0) break;
    const uptr at = Map(place, size, kNoReplace);
    if (!Failed(static_cast<sptr>(at))) return at;
    if (static_cast<sptr>(at) == -EEXIST) continue;
    GivePlace(place, size);
    break;
  }
  return Map(0, size, 0);
}

void AsShadow(uptr addr, uptr size) {
  UseSmallPages(addr, size);
  LeaveOutOfDumps(addr, size);
  Syscall(__NR_madvise, addr, size, MADV_WIPEONFORK);
}

bool FillFile(uptr fd, uptr size, u32 word) {
  constexpr uptr kPage = 4096;
  u32 page[kPage / sizeof(u32)];
  for (u32& w : page) w = word;
  for (uptr at = 0; at < size; at += kPage) {
    if (WriteFd(static_cast<int>(fd), page, kPage) != static_cast<sptr>(kPage)) return false;
  }
  return true;
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
  const uptr at = MapOwn(size);
  if (Failed(static_cast<sptr>(at))) return nullptr;
  Own(at, size);
  return reinterpret_cast<void*>(at);
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

void* MapHeap(uptr size) {
  void* const at = TryMapForProgram(size);
  if (at == nullptr) DieWithoutAddressSpace("the heap");
  Own(Arg(at), size);
  LeaveOutOfDumps(Arg(at), size);
  return at;
}

void ReserveSpare(uptr size) {
  spare_begin = spare_next = Arg(MapMemory(size, "the spare"));
  spare_end = spare_begin + size;
}

u64 SpareBytesUsed() { return __atomic_load_n(&spare_next, __ATOMIC_RELAXED) - spare_begin; }

bool TryMapFixed(uptr addr, uptr size) {
  const uptr at = Map(addr, size, kNoReplace);
  if (at == addr) {
    Own(addr, size);
    AsShadow(addr, size);
    return true;
  }
  // A kernel older than 4.17 takes the address for a wish.
  if (!Failed(static_cast<sptr>(at))) UnmapForProgram(reinterpret_cast<void*>(at), size);
  return false;
}

bool MapAnew(uptr addr, uptr size) {
  if (Map(addr, size, MAP_FIXED) != addr) return false;
  AsShadow(addr, size);
  return true;
}

bool MapRepeated(uptr addr, uptr size, uptr period, u32 word) {
  constexpr uptr kCloseOnExec = 1;
  const sptr fd = Syscall(__NR_memfd_create, Arg("csan"), kCloseOnExec);
  if (Failed(fd)) return false;
  bool mapped = FillFile(static_cast<uptr>(fd), period, word);
  for (uptr at = addr; mapped && at < addr + size; at += period) {
    const uptr part = addr + size - at < period ? addr + size - at : period;
    mapped = static_cast<uptr>(Syscall(__NR_mmap, at, part, PROT_READ | PROT_WRITE,
                                       MAP_PRIVATE | MAP_NORESERVE | MAP_FIXED,
                                       static_cast<uptr>(fd), 0)) == at;
  }
  LeaveOutOfDumps(addr, size);
  Syscall(__NR_close, static_cast<uptr>(fd));
  return mapped;
}

void UnmapMemory(void* at, uptr size) {
  Disown(Arg(at), size);
  UnmapForProgram(at, size);
  GivePlace(Arg(at), size);
}

void UnmapForProgram(void* at, uptr size) { Syscall(__NR_munmap, Arg(at), size); }

bool MovePages(uptr from, uptr to, uptr size) {
  constexpr uptr kDontUnmap = 4;  // MREMAP_DONTUNMAP
  return static_cast<uptr>(Syscall(__NR_mremap, from, size, size,
                                   MREMAP_MAYMOVE | MREMAP_FIXED | kDontUnmap, to)) == to;
}

void LeaveOutOfDumps(uptr addr, uptr size) { Syscall(__NR_madvise, addr, size, MADV_DONTDUMP); }
void PutIntoDumps(uptr addr, uptr size) { Syscall(__NR_madvise, addr, size, MADV_DODUMP); }
void UseSmallPages(uptr addr, uptr size) { Syscall(__NR_madvise, addr, size, MADV_NOHUGEPAGE); }
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
