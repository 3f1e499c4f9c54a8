// The hooks of atomic operations. Each performs the operation itself, with the cell of its unit
// locked, so that value and clock change together.
//
// Cost: one lock of the cell (a locked exchange), a scan of its short list, the operation. Before
// the second actor only the operation.
#include "abi/layout.h"
#include "actor/actor.h"
#include "actor/recording.h"
#include "detect/race/conflict.h"
#include "detect/race/slow.h"
#include "init/init.h"
#include "shadow/cell.h"
#include "shadow/shadow.h"
#include "sync/atomic_access.h"
#include "sync/sync_var.h"

namespace csan {
namespace {

constexpr u32 SizeLog(uptr size) { return static_cast<u32>(__builtin_ctzll(size)); }

StackId AtomicSite(Actor* a, uptr pc, bool write, uptr addr, uptr size) {
  return SiteFor(a, StackTop(a),
                 PackSite(pc, kNoteAtomic | (write ? kNoteWrite : kNoteNone), SizeLog(size), addr));
}

// Checks and records in a locked cell. What is found is reported by the caller, without the lock.
void CheckIn(Actor* a, Cell* cell, uptr addr, uptr size, u8 kind, uptr pc, race::Conflict* out) {
  const Word cur = RecordingEpoch(a);
  const u8 mask = static_cast<u8>(((1u << (size < 8 ? size : 8)) - 1) << (addr & 7));
  if (Recorded(cell, cur & ~kFullMask, mask, kind)) return;
  if (cur != 0 && cur != kNoEpoch) {
    LogAccess(a, cur, addr, size, AtomicSite(a, pc, IsWriteKind(kind), addr, size));
  }
  CellList list;
  LoadCell(cell, &list);
  race::CheckCell(a, &list, mask, kind, cur, cell->unit, out);
  StoreCell(cell, list);
}

void ReportAtomic(Actor* a, uptr addr, uptr size, u8 kind, uptr pc, const race::Conflict& c) {
  if (c.kind == race::Conflict::Kind::kNone) return;
  race::CountRace();
  const bool write = IsWriteKind(kind);
  race::ReportConflict(
      a, {addr, size, write, true, false, false, AtomicSite(a, pc, write, addr, size)}, c);
}

template <typename T>
struct Atomic {
  static constexpr uptr kSize = sizeof(T);

  // Runs `operation`, which performs the access and tells the clocks; returns its result.
  template <typename Operation>
  static T Do(T* at, u8 kind, uptr pc, Operation operation) {
    Actor* a = Self();
    const uptr addr = reinterpret_cast<uptr>(at);
    if (a == nullptr || !HasShadow(addr)) return operation(nullptr, nullptr);
    const Word first = __atomic_load_n(WriteWord(GranuleOf(addr)), __ATOMIC_RELAXED);
    if (!multi_actor && first != kFreed) return operation(nullptr, nullptr);
    race::Conflict conflict;
    if (first == kFreed) {
      race::SlowGranule(a, GranuleOf(addr), MaskIn(GranuleOf(addr), addr, addr + kSize),
                        IsWriteKind(kind), kNoEpoch, nullptr, &conflict);
      ReportAtomic(a, addr, kSize, kind, pc, conflict);
      return operation(nullptr, nullptr);
    }
    Cell* cell = LockCell(UnitOf(addr), true);
    if (cell == nullptr) return operation(nullptr, nullptr);
    CheckIn(a, cell, addr, kSize, kind, pc, &conflict);
    const T result = operation(a, cell);
    UnlockCell(cell);
    if (kSize > 8) {
      if (Cell* second = LockCell(UnitOf(addr) + kUnit, true)) {
        CheckIn(a, second, addr + kUnit, kSize - kUnit, kind, pc, &conflict);
        UnlockCell(second);
      }
    }
    ReportAtomic(a, addr, kSize, kind, pc, conflict);
    return result;
  }

  static T Load(T* at, int order, uptr pc) {
    return Do(at, kAtomicRead, pc, [=](Actor* a, Cell* cell) {
      const T value = __atomic_load_n(at, __ATOMIC_SEQ_CST);
      if (a != nullptr) AtomicLoaded(a, cell, reinterpret_cast<uptr>(at), static_cast<Order>(order));
      return value;
    });
  }

  static void Store(T* at, T value, int order, uptr pc) {
    Do(at, kAtomicWrite, pc, [=](Actor* a, Cell* cell) {
      if (a != nullptr) {
        if (Releases(static_cast<Order>(order))) PrepareRelease(a);
        AtomicStored(a, cell, reinterpret_cast<uptr>(at), static_cast<Order>(order));
      }
      __atomic_store_n(at, value, __ATOMIC_SEQ_CST);
      return value;
    });
  }

  template <typename Modify>
  static T Update(T* at, int order, uptr pc, Modify modify) {
    return Do(at, kAtomicWrite, pc, [=](Actor* a, Cell* cell) {
      if (a != nullptr) {
        AtomicModified(a, cell, reinterpret_cast<uptr>(at), static_cast<Order>(order));
      }
      return modify();
    });
  }

  static T CompareExchange(T* at, T expected, T desired, int order, int failure, uptr pc) {
    const u8 kind = __atomic_load_n(at, __ATOMIC_RELAXED) == expected ? kAtomicWrite : kAtomicRead;
    return Do(at, kind, pc, [=](Actor* a, Cell* cell) {
      T seen = expected;
      const uptr addr = reinterpret_cast<uptr>(at);
      // Others may change the value without our lock only in code that is not instrumented.
      if (__atomic_load_n(at, __ATOMIC_RELAXED) == expected) {
        if (a != nullptr) AtomicModified(a, cell, addr, static_cast<Order>(order));
        __atomic_compare_exchange_n(at, &seen, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
      } else {
        seen = __atomic_load_n(at, __ATOMIC_SEQ_CST);
        if (a != nullptr) AtomicLoaded(a, cell, addr, static_cast<Order>(failure));
      }
      return seen;
    });
  }
};

}  // namespace
}  // namespace csan

using csan::Atomic;
using csan::uptr;

#define CSAN_PC reinterpret_cast<uptr>(__builtin_return_address(0))

#define CSAN_ATOMIC_RMW(bits, T, name, builtin)                                                  \
  CSAN_INTERFACE T __csan_atomic##bits##_##name(T* at, T value, int order) {                     \
    return Atomic<T>::Update(at, order, CSAN_PC,                                                 \
                             [=] { return builtin(at, value, __ATOMIC_SEQ_CST); });              \
  }

#define CSAN_ATOMIC(bits, T)                                                                     \
  CSAN_INTERFACE T __csan_atomic##bits##_load(T* at, int order) {                                \
    return Atomic<T>::Load(at, order, CSAN_PC);                                                  \
  }                                                                                              \
  CSAN_INTERFACE void __csan_atomic##bits##_store(T* at, T value, int order) {                   \
    Atomic<T>::Store(at, value, order, CSAN_PC);                                                 \
  }                                                                                              \
  CSAN_ATOMIC_RMW(bits, T, exchange, __atomic_exchange_n)                                        \
  CSAN_ATOMIC_RMW(bits, T, fetch_add, __atomic_fetch_add)                                        \
  CSAN_ATOMIC_RMW(bits, T, fetch_sub, __atomic_fetch_sub)                                        \
  CSAN_ATOMIC_RMW(bits, T, fetch_and, __atomic_fetch_and)                                        \
  CSAN_ATOMIC_RMW(bits, T, fetch_or, __atomic_fetch_or)                                          \
  CSAN_ATOMIC_RMW(bits, T, fetch_xor, __atomic_fetch_xor)                                        \
  CSAN_ATOMIC_RMW(bits, T, fetch_nand, __atomic_fetch_nand)                                      \
  CSAN_INTERFACE T __csan_atomic##bits##_compare_exchange(T* at, T expected, T desired,          \
                                                          int order, int failure) {              \
    return Atomic<T>::CompareExchange(at, expected, desired, order, failure, CSAN_PC);           \
  }

extern "C" {
CSAN_ATOMIC(8, csan::u8)
CSAN_ATOMIC(16, csan::u16)
CSAN_ATOMIC(32, csan::u32)
CSAN_ATOMIC(64, csan::u64)

CSAN_INTERFACE void __csan_atomic_fence(int order) {
  if (csan::Actor* a = csan::Self(); a != nullptr && csan::multi_actor) {
    csan::AtomicFence(a, static_cast<csan::Order>(order));
  }
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

CSAN_INTERFACE void __csan_uses_fence() { csan::fences_used = true; }
}
