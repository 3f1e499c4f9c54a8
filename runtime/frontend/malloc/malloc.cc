// The allocation functions of C. They make no edge: memory that is handed from one actor to another
// through the heap is new memory, whose shadow starts empty.
#include <errno.h>
#include <stddef.h>

#include "actor/scope.h"
#include "base/types.h"
#include "detect/misuse/unsafe_call.h"
#include "memory/heap.h"

using csan::uptr;

namespace {

void* OrEnomem(void* block) {
  if (CSAN_UNLIKELY(block == nullptr)) errno = ENOMEM;
  return block;
}

bool PowerOfTwo(uptr x) { return x != 0 && (x & (x - 1)) == 0; }

void* Aligned(uptr align, uptr size, uptr pc) {
  return OrEnomem(csan::HeapAllocate(size, align, false, pc));
}

constexpr uptr kPage = 4096;

}  // namespace

extern "C" {

CSAN_INTERFACE void* malloc(size_t size) {
  const csan::UnsafeCall unsafe("malloc", CSAN_CALLER_PC());

  return OrEnomem(csan::HeapAllocate(size, 16, false, CSAN_CALLER_PC()));
}

CSAN_INTERFACE void free(void* block) {
  const csan::UnsafeCall unsafe("free", CSAN_CALLER_PC());
  csan::HeapFree(block, CSAN_CALLER_PC());
}

CSAN_INTERFACE void* calloc(size_t count, size_t size) {
  const csan::UnsafeCall unsafe("calloc", CSAN_CALLER_PC());

  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return OrEnomem(nullptr);
  return OrEnomem(csan::HeapAllocate(bytes, 16, true, CSAN_CALLER_PC()));
}

CSAN_INTERFACE void* realloc(void* block, size_t size) {
  const csan::UnsafeCall unsafe("realloc", CSAN_CALLER_PC());

  void* fresh = csan::HeapReallocate(block, size, CSAN_CALLER_PC());
  return size == 0 && block != nullptr ? fresh : OrEnomem(fresh);
}

CSAN_INTERFACE void* reallocarray(void* block, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return OrEnomem(nullptr);
  return OrEnomem(csan::HeapReallocate(block, bytes, CSAN_CALLER_PC()));
}

CSAN_INTERFACE int posix_memalign(void** out, size_t align, size_t size) {
  if (!PowerOfTwo(align) || align % sizeof(void*) != 0) return EINVAL;
  void* block = csan::HeapAllocate(size, align, false, CSAN_CALLER_PC());
  if (block == nullptr) return ENOMEM;
  *out = block;
  return 0;
}

CSAN_INTERFACE void* aligned_alloc(size_t align, size_t size) {
  if (!PowerOfTwo(align)) {
    errno = EINVAL;
    return nullptr;
  }
  return Aligned(align, size, CSAN_CALLER_PC());
}

CSAN_INTERFACE void* memalign(size_t align, size_t size) {
  while (!PowerOfTwo(align)) align = align == 0 ? 16 : (align | (align - 1)) + 1;
  return Aligned(align, size, CSAN_CALLER_PC());
}

CSAN_INTERFACE void* valloc(size_t size) { return Aligned(kPage, size, CSAN_CALLER_PC()); }

CSAN_INTERFACE void* pvalloc(size_t size) {
  return Aligned(kPage, (size + kPage - 1) & ~(kPage - 1), CSAN_CALLER_PC());
}

CSAN_INTERFACE size_t malloc_usable_size(void* block) { return csan::HeapUsableSize(block); }
}
