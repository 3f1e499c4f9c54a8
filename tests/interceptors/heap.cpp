// The heap: whatever function a block is from, giving it back is a write of it. The first thread has written
// to the block's last byte.
#include "case.h"

#include <malloc.h>

#include <new>

// An operator new that cannot be elided.
template <typename Make>
static char* Kept(Make make) {
  void* volatile block = make();
  return static_cast<char*>(block);
}
static void* Aligned(size_t align, size_t size) {
  void* block = nullptr;
  MUST(posix_memalign(&block, align, size) == 0);
  return block;
}

#define BLOCK_OF(names, make, give_back)                                             \
  static Case CASE_NAME(__COUNTER__)(names, Kind::kAccess,                           \
                                     [] {                                            \
                                       block = Kept([] { return (void*)(make); });   \
                                       block[99] = 1;                                \
                                       Hand(block);                                  \
                                     },                                              \
                                     [] {                                            \
                                       char* got = Handed();                         \
                                       give_back;                                    \
                                       Stay();                                       \
                                     });
static thread_local char* block;
static char* handed;
UNSEEN static void Hand(char* b) { __atomic_store_n(&handed, b, __ATOMIC_RELEASE); }
UNSEEN static char* Handed() { return __atomic_load_n(&handed, __ATOMIC_ACQUIRE); }

using std::align_val_t;
using std::nothrow;
constexpr align_val_t kAlign{64};

BLOCK_OF("malloc free", malloc(100), free(got))
BLOCK_OF("calloc", calloc(10, 10), free(got))
BLOCK_OF("realloc", malloc(100), got = static_cast<char*>(realloc(got, 5000)); free(got))
BLOCK_OF("reallocarray", reallocarray(nullptr, 10, 10), free(got))
BLOCK_OF("posix_memalign", Aligned(64, 100), free(got))
BLOCK_OF("aligned_alloc", aligned_alloc(64, 128), free(got))
BLOCK_OF("memalign", memalign(64, 100), free(got))
BLOCK_OF("valloc", valloc(100), free(got))
BLOCK_OF("pvalloc", pvalloc(100), free(got))
BLOCK_OF("malloc_usable_size", malloc(100), MUST(malloc_usable_size(got) == 100); free(got))

BLOCK_OF("_Znwm _ZdlPv", ::operator new(100), ::operator delete(got))
BLOCK_OF("_ZdlPvm", ::operator new(100), ::operator delete(got, size_t{100}))
BLOCK_OF("_ZnwmRKSt9nothrow_t _ZdlPvRKSt9nothrow_t", ::operator new(100, nothrow),
         ::operator delete(got, nothrow))
BLOCK_OF("_ZnwmSt11align_val_t _ZdlPvSt11align_val_t", ::operator new(100, kAlign),
         ::operator delete(got, kAlign))
BLOCK_OF("_ZdlPvmSt11align_val_t", ::operator new(100, kAlign),
         ::operator delete(got, size_t{100}, kAlign))
BLOCK_OF("_ZnwmSt11align_val_tRKSt9nothrow_t _ZdlPvSt11align_val_tRKSt9nothrow_t",
         ::operator new(100, kAlign, nothrow), ::operator delete(got, kAlign, nothrow))
BLOCK_OF("_Znam _ZdaPv", ::operator new[](100), ::operator delete[](got))
BLOCK_OF("_ZdaPvm", ::operator new[](100), ::operator delete[](got, size_t{100}))
BLOCK_OF("_ZnamRKSt9nothrow_t _ZdaPvRKSt9nothrow_t", ::operator new[](100, nothrow),
         ::operator delete[](got, nothrow))
BLOCK_OF("_ZnamSt11align_val_t _ZdaPvSt11align_val_t", ::operator new[](100, kAlign),
         ::operator delete[](got, kAlign))
BLOCK_OF("_ZdaPvmSt11align_val_t", ::operator new[](100, kAlign),
         ::operator delete[](got, size_t{100}, kAlign))
BLOCK_OF("_ZnamSt11align_val_tRKSt9nothrow_t _ZdaPvSt11align_val_tRKSt9nothrow_t",
         ::operator new[](100, kAlign, nothrow), ::operator delete[](got, kAlign, nothrow))
