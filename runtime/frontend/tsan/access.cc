// What -fsanitize=thread of clang and gcc calls: plain accesses, functions, memory intrinsics.
#include "detect/race/slow.h"
#include "frontend/tsan/stock.h"
#include "shadow/shadow.h"

using csan::u32;
using csan::uptr;

namespace csan {
namespace {

// Whether this epoch has recorded the access in whole granules, as an inlined check would find it.
bool IsCurrent(uptr addr, uptr size, bool write) {
  const Word cur = CurrentWord();
  const Word shared = static_cast<Word>(ReadTcb64<abi::kTlsShared>());
  for (uptr g = GranuleOf(addr); g < addr + size; g += kGranule) {
    const Word w = __atomic_load_n(write ? WriteWord(g) : ReadWord(g), __ATOMIC_RELAXED);
    if (w != cur && (write || w != shared)) return false;
  }
  return true;
}

void Access(const void* at, uptr size, u32 note, uptr pc) {
  const uptr addr = reinterpret_cast<uptr>(at);
  Actor* a = Accessor();
  if (a == nullptr || size == 0 || !HasShadow(addr) || !HasShadow(addr + size - 1)) return;
  const bool write = (note & kNoteWrite) != 0;
  if (IsCurrent(addr, size, write)) return;
  RuntimeScope scope;
  race::SlowAccess(a, addr, size, write, false, false,
                   SiteFor(a, StackTop(a), PackSite(pc, note, SizeCode(size), addr)));
}

}  // namespace

void EnterFunction(uptr caller) {
  Actor* a = Self();
  if (a == nullptr) return;
  auto* top = reinterpret_cast<StackEntry*>(ReadTcb64<abi::kTlsStackTop>());
  if (CSAN_UNLIKELY(top >= a->stack_limit)) top = a->stack_base;
  top->pc = caller;
  top->node = 0;
  WriteTcb64<abi::kTlsStackTop>(reinterpret_cast<csan::u64>(top + 1));
}

void LeaveFunction() {
  Actor* a = Self();
  if (a == nullptr) return;
  auto* top = reinterpret_cast<StackEntry*>(ReadTcb64<abi::kTlsStackTop>());
  if (top > a->stack_base) WriteTcb64<abi::kTlsStackTop>(reinterpret_cast<csan::u64>(top - 1));
}

}  // namespace csan

extern "C" {

// The first sign of a module's stock code: every function that accesses memory or calls begins so.
CSAN_INTERFACE void __tsan_func_entry(void* caller) {
  csan::NoteStockCode(CSAN_CALLER_PC());
  csan::EnterFunction(reinterpret_cast<uptr>(caller));
}
CSAN_INTERFACE void __tsan_func_exit() { csan::LeaveFunction(); }

#define CSAN_STOCK_ACCESS(name, size, note) \
  CSAN_INTERFACE void name(void* at) { csan::Access(at, size, note, CSAN_CALLER_PC()); }
// A compound access reads first; its write finds all that the read would.
#define CSAN_STOCK_ACCESSES(size)                                                  \
  CSAN_STOCK_ACCESS(__tsan_read##size, size, csan::kNoteNone)                      \
  CSAN_STOCK_ACCESS(__tsan_write##size, size, csan::kNoteWrite)                    \
  CSAN_STOCK_ACCESS(__tsan_read_write##size, size, csan::kNoteWrite)               \
  CSAN_STOCK_ACCESS(__tsan_unaligned_read##size, size, csan::kNoteNone)            \
  CSAN_STOCK_ACCESS(__tsan_unaligned_write##size, size, csan::kNoteWrite)          \
  CSAN_STOCK_ACCESS(__tsan_unaligned_read_write##size, size, csan::kNoteWrite)     \
  CSAN_STOCK_ACCESS(__tsan_volatile_read##size, size, csan::kNoteNone)             \
  CSAN_STOCK_ACCESS(__tsan_volatile_write##size, size, csan::kNoteWrite)           \
  CSAN_STOCK_ACCESS(__tsan_unaligned_volatile_read##size, size, csan::kNoteNone)   \
  CSAN_STOCK_ACCESS(__tsan_unaligned_volatile_write##size, size, csan::kNoteWrite) \
  CSAN_INTERFACE void __tsan_read##size##_pc(void* at, void* pc) {                 \
    csan::Access(at, size, csan::kNoteNone, reinterpret_cast<uptr>(pc));           \
  }                                                                                \
  CSAN_INTERFACE void __tsan_write##size##_pc(void* at, void* pc) {                \
    csan::Access(at, size, csan::kNoteWrite, reinterpret_cast<uptr>(pc));          \
  }
CSAN_STOCK_ACCESSES(1)
CSAN_STOCK_ACCESSES(2)
CSAN_STOCK_ACCESSES(4)
CSAN_STOCK_ACCESSES(8)
CSAN_STOCK_ACCESSES(16)

CSAN_INTERFACE void __tsan_read_range(void* at, unsigned long size) {
  csan::OnAccess(reinterpret_cast<uptr>(at), size, false, CSAN_CALLER_PC());
}
CSAN_INTERFACE void __tsan_write_range(void* at, unsigned long size) {
  csan::OnAccess(reinterpret_cast<uptr>(at), size, true, CSAN_CALLER_PC());
}
CSAN_INTERFACE void __tsan_read_range_pc(void* at, unsigned long size, void* pc) {
  csan::OnAccess(reinterpret_cast<uptr>(at), size, false, reinterpret_cast<uptr>(pc));
}
CSAN_INTERFACE void __tsan_write_range_pc(void* at, unsigned long size, void* pc) {
  csan::OnAccess(reinterpret_cast<uptr>(at), size, true, reinterpret_cast<uptr>(pc));
}

CSAN_INTERFACE void __tsan_vptr_read(void** at) {
  csan::Access(at, sizeof(*at), csan::kNoteVptr, CSAN_CALLER_PC());
}
CSAN_INTERFACE void __tsan_vptr_update(void** at, void* value) {
  if (*at == value) return;
  csan::Access(at, sizeof(*at), csan::kNoteVptr | csan::kNoteWrite, CSAN_CALLER_PC());
}

CSAN_INTERFACE void* __tsan_memcpy(void* to, const void* from, unsigned long size) {
  [[clang::musttail]] return csan::abi::__csan_memcpy(to, from, size);
}
CSAN_INTERFACE void* __tsan_memmove(void* to, const void* from, unsigned long size) {
  [[clang::musttail]] return csan::abi::__csan_memmove(to, from, size);
}
CSAN_INTERFACE void* __tsan_memset(void* to, int value, unsigned long size) {
  [[clang::musttail]] return csan::abi::__csan_memset(to, value, size);
}

// Called by programs that know that these may be misaligned.
#define CSAN_UNALIGNED(bits)                                                             \
  CSAN_INTERFACE csan::u##bits __sanitizer_unaligned_load##bits(const void* at) {        \
    csan::Access(at, bits / 8, csan::kNoteNone, CSAN_CALLER_PC());                       \
    csan::u##bits value;                                                                 \
    __builtin_memcpy(&value, at, sizeof(value));                                         \
    return value;                                                                        \
  }                                                                                      \
  CSAN_INTERFACE void __sanitizer_unaligned_store##bits(void* at, csan::u##bits value) { \
    csan::Access(at, bits / 8, csan::kNoteWrite, CSAN_CALLER_PC());                      \
    __builtin_memcpy(at, &value, sizeof(value));                                         \
  }
CSAN_UNALIGNED(16)
CSAN_UNALIGNED(32)
CSAN_UNALIGNED(64)
}
