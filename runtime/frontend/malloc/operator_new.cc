// operator new and delete in all their forms, by mangled name: the runtime is built without a C++
// library. A failed new calls the new handler, then throws std::bad_alloc through libstdc++.
#include "base/types.h"
#include "detect/misuse/unsafe_call.h"
#include "memory/heap.h"
#include "platform/platform.h"

using csan::uptr;

extern "C" {
CSAN_WEAK void _ZSt17__throw_bad_allocv();
CSAN_WEAK void (*_ZSt15get_new_handlerv())();
}

namespace {

void* New(uptr size, uptr align, bool nothrow, uptr pc) {
  const csan::UnsafeCall unsafe("operator new", pc);
  for (;;) {
    if (void* block = csan::HeapAllocate(size, align, false, pc)) return block;
    void (*handler)() = _ZSt15get_new_handlerv != nullptr ? _ZSt15get_new_handlerv() : nullptr;
    if (handler == nullptr) break;
    handler();
  }
  if (nothrow) return nullptr;
  if (_ZSt17__throw_bad_allocv != nullptr) _ZSt17__throw_bad_allocv();
  csan::Die("operator new found no memory, and the program has no C++ library to throw with.", 1);
}

void Delete(void* block, uptr pc) {
  const csan::UnsafeCall unsafe("operator delete", pc);
  csan::HeapFree(block, pc);
}

}  // namespace

#define CSAN_NEW(name)                                                                           \
  CSAN_INTERFACE void* name(uptr size) { return New(size, 16, false, CSAN_CALLER_PC()); }        \
  CSAN_INTERFACE void* name##RKSt9nothrow_t(uptr size, const void*) {                            \
    return New(size, 16, true, CSAN_CALLER_PC());                                                \
  }                                                                                              \
  CSAN_INTERFACE void* name##St11align_val_t(uptr size, uptr align) {                            \
    return New(size, align, false, CSAN_CALLER_PC());                                            \
  }                                                                                              \
  CSAN_INTERFACE void* name##St11align_val_tRKSt9nothrow_t(uptr size, uptr align, const void*) { \
    return New(size, align, true, CSAN_CALLER_PC());                                             \
  }

#define CSAN_DELETE(name, ...) \
  CSAN_INTERFACE void name(void* block __VA_ARGS__) { Delete(block, CSAN_CALLER_PC()); }

extern "C" {
CSAN_NEW(_Znwm)
CSAN_NEW(_Znam)
CSAN_DELETE(_ZdlPv)
CSAN_DELETE(_ZdaPv)
CSAN_DELETE(_ZdlPvm, , uptr)
CSAN_DELETE(_ZdaPvm, , uptr)
CSAN_DELETE(_ZdlPvRKSt9nothrow_t, , const void*)
CSAN_DELETE(_ZdaPvRKSt9nothrow_t, , const void*)
CSAN_DELETE(_ZdlPvSt11align_val_t, , uptr)
CSAN_DELETE(_ZdaPvSt11align_val_t, , uptr)
CSAN_DELETE(_ZdlPvmSt11align_val_t, , uptr, uptr)
CSAN_DELETE(_ZdaPvmSt11align_val_t, , uptr, uptr)
CSAN_DELETE(_ZdlPvSt11align_val_tRKSt9nothrow_t, , uptr, const void*)
CSAN_DELETE(_ZdaPvSt11align_val_tRKSt9nothrow_t, , uptr, const void*)
}
