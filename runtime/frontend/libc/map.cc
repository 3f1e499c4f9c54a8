// Memory maps: memory that is new, dropped or moved begins a new life, so what is recorded about it is
// forgotten, together with the synchronisation objects in it. No edges.
//
// What will be given up is forgotten before the call: afterwards another thread may already have the
// addresses. What is new is forgotten after it: nobody else knows it yet, and the C library unmaps
// stacks and modules without a word to us. What that can miss: races between earlier accesses and the
// call itself, and accesses to dropped pages that nothing orders. What it cannot see is that two
// mappings are the same memory: an order made through one is unknown to the other.
//
// Where the kernel is free to choose and chooses addresses without a shadow, the answer is ENOMEM: what the
// program does then is better than SIGSEGV at the first check.
#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "detect/race/memory_events.h"
#include "frontend/real.h"
#include "platform/linux/address_map.h"
#include "platform/platform.h"

CSAN_REAL(mmap)
CSAN_REAL(munmap)
CSAN_REAL(mremap)
CSAN_REAL(madvise)
CSAN_REAL(shmat)
CSAN_REAL(shmdt)

namespace {

using csan::uptr;

constexpr uptr kPage = 4096;
// Reservations of address space are larger than what the C library would have left behind.
constexpr uptr kFreshMax = 1ull << 30;

uptr Addr(const void* at) { return reinterpret_cast<uptr>(at); }

void Forget(const void* at, uptr size) {
  if (CSAN_LISTENING()) csan::ForgetRange(Addr(at), (size + kPage - 1) & ~(kPage - 1));
}

void ForgetFresh(const void* at, uptr size) {
  if (at != MAP_FAILED && size <= kFreshMax) Forget(at, size);
}

bool WellFormed(const void* at, uptr size) { return Addr(at) % kPage == 0 && size != 0; }

void* Map(void* at, uptr size, int protection, int flags, int fd, off_t offset) {
  const bool replaces = (flags & MAP_FIXED) != 0 && WellFormed(at, size);
  if (replaces) Forget(at, size);
  void* got = real_mmap()(at, size, protection, flags, fd, offset);
  if (at == nullptr && got != MAP_FAILED && (flags & (MAP_FIXED | MAP_32BIT)) == 0 &&
      csan::InitDone() && !csan::HasShadow(Addr(got), size)) {
    // The program has used up the addresses that have a shadow.
    real_munmap()(got, size);
    errno = ENOMEM;
    return MAP_FAILED;
  }
  if (!replaces) ForgetFresh(got, size);
  return got;
}

bool Drops(int advice) {
  return advice == MADV_DONTNEED || advice == MADV_REMOVE || advice == MADV_DONTNEED_LOCKED;
}

}  // namespace

extern "C" {

CSAN_INTERFACE void* mmap(void* at, size_t size, int protection, int flags, int fd, off_t offset) {
  return Map(at, size, protection, flags, fd, offset);
}
CSAN_INTERFACE void* mmap64(void* at, size_t size, int protection, int flags, int fd,
                            off_t offset) {
  return Map(at, size, protection, flags, fd, offset);
}

CSAN_INTERFACE int munmap(void* at, size_t size) {
  if (WellFormed(at, size)) Forget(at, size);
  return real_munmap()(at, size);
}

CSAN_INTERFACE void* mremap(void* at, size_t old_size, size_t new_size, int flags, ...) {
  void* target = nullptr;
  if ((flags & MREMAP_FIXED) != 0) {
    va_list list;
    va_start(list, flags);
    target = va_arg(list, void*);
    va_end(list);
    if (WellFormed(target, new_size)) Forget(target, new_size);
  }
  if ((flags & MREMAP_MAYMOVE) != 0) {
    // Whoever allows a move has seen to it that nobody uses the memory meanwhile.
    if (WellFormed(at, old_size)) Forget(at, old_size);
  } else if (new_size < old_size && WellFormed(at, new_size)) {
    Forget(static_cast<char*>(at) + new_size, old_size - new_size);
  }
  void* got = real_mremap()(at, old_size, new_size, flags, target);
  if (got != at) {
    ForgetFresh(got, new_size);
  } else if (new_size > old_size) {
    ForgetFresh(static_cast<char*>(at) + old_size, new_size - old_size);
  }
  return got;
}

CSAN_INTERFACE int madvise(void* at, size_t size, int advice) noexcept {
  if (Drops(advice) && WellFormed(at, size)) Forget(at, size);
  return real_madvise()(at, size, advice);
}

// Segments of System V; their size is that of the mapping.
CSAN_INTERFACE void* shmat(int id, const void* at, int flags) noexcept {
  void* const got = real_shmat()(id, at, flags);
  csan::Mapping mapping;
  if (got != MAP_FAILED && csan::FindMapping(Addr(got), &mapping)) {
    ForgetFresh(got, mapping.hi - Addr(got));
  }
  return got;
}
CSAN_INTERFACE int shmdt(const void* at) noexcept {
  csan::Mapping mapping;
  if (csan::FindMapping(Addr(at), &mapping) && mapping.lo == Addr(at)) {
    Forget(at, mapping.hi - mapping.lo);
  }
  return real_shmdt()(at);
}
}
