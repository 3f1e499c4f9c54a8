// The hooks of atomic operations. Each performs the operation itself.
//
// An operation that moves clocks, or that the epoch has not recorded yet, runs with the cell of its unit
// locked, so that value and clock change together. One that is recorded and moves no clock locks nothing:
// relaxed operations in programs without fences (a relaxed read-modify-write leaves the clock as it is:
// it goes on with the release sequence), and acquiring loads, which read the value between two looks at
// the lock's count. A release store that is recorded locks the clock alone (sync_var.h), so that the cell of
// a flag that is set again and again stays in the caches of all who look at it.
//
// Cost: a few loads without the lock, for such a store two locked exchanges; else one, a scan of at most five
// entries, the operation. Before the second actor only the operation.
#include "abi/hooks.h"
#include "abi/layout.h"
#include "actor/actor.h"
#include "actor/recording.h"
#include "detect/race/cell_access.h"
#include "detect/race/conflict.h"
#include "detect/race/slow.h"
#include "init/init.h"
#include "platform/x86_64/prefetch.h"
#include "shadow/cell.h"
#include "shadow/shadow.h"
#include "sync/atomic_access.h"
#include "sync/attempts.h"

namespace csan {
namespace {

constexpr u32 SizeLog(uptr size) { return static_cast<u32>(__builtin_ctzll(size)); }

constexpr u8 MaskOf8(uptr addr, uptr size) {
  return static_cast<u8>(((1u << (size < 8 ? size : 8)) - 1) << (addr & 7));
}

u64 AtomicNote(uptr pc, bool write, uptr addr, uptr size) {
  return PackSite(pc, kNoteAtomic | (write ? kNoteWrite : kNoteNone), SizeLog(size), addr);
}
StackId AtomicSite(Actor* a, uptr pc, bool write, uptr addr, uptr size) {
  return SiteFor(a, StackTop(a), AtomicNote(pc, write, addr, size));
}

// As race::Renew and race::TouchCell want it.
struct Where {
  Actor* a;
  Word cur;
  uptr addr;
  uptr size;
  u8 kind;
  uptr pc;
  bool logged = false;
  StackId Site(StackId last) const {
    if (a->held_count != 0 || size > kUnit) return 0;
    const StackId path = CurrentPath(a);
    const u64 pc_note = AtomicNote(pc, IsWriteKind(kind), addr, size);
    return IsNode(last, path, pc_note) ? last : SiteFor(a, path, pc_note);
  }
  void Log() {
    if (logged) return;
    logged = true;
    LogAccess(a, cur, addr, size, AtomicSite(a, pc, IsWriteKind(kind), addr, size));
  }
};

// Checks and records in a locked cell. What is found is reported by the caller, without the lock.
void CheckIn(Actor* a, Cell* cell, uptr addr, uptr size, u8 kind, uptr pc, bool recheck,
             race::Conflict* out) {
  const Word cur = RecordingEpoch(a);
  const u8 mask = MaskOf8(addr, size);
  const bool record = cur != 0 && cur != kNoEpoch;
  Where where = {a, cur, addr, size, kind, pc};
  if (record && !recheck &&
      (race::RenewLocked(a, cell, mask, kind, cur & ~kFullMask, where) ||
       Recorded(cell, cur & ~kFullMask, mask, kind) ||
       race::TouchCell(a, cell, mask, kind, cur & ~kFullMask, where))) {
    return;
  }
  if (record) where.Log();
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

  // While accesses are ignored, but not the order that they make.
  template <typename Operation>
  CSAN_NOINLINE static T Unrecorded(uptr addr, Operation operation) {
    Actor* a = Accessor() == nullptr && multi_actor ? Orderer() : nullptr;
    Cell* cell = a != nullptr && HasShadow(addr) ? LockCell(UnitOf(addr), true) : nullptr;
    if (cell == nullptr) return operation(nullptr, nullptr, nullptr);
    Settle(cell);
    const T result = operation(a, cell, nullptr);
    UnlockCell(cell);
    return result;
  }

  // Runs `operation`, which performs the access and tells the clocks; returns its result.
  template <typename Operation>
  static T Do(T* at, u8 kind, uptr pc, Operation operation) {
    Actor* a = AtomicActor();
    const uptr addr = reinterpret_cast<uptr>(at);
    if (a == nullptr || !HasShadow(addr)) return Unrecorded(addr, operation);
    const Word first = __atomic_load_n(WriteWord(GranuleOf(addr)), __ATOMIC_RELAXED);
    // Likely on another core, as its cell is: asked for at the same time.
    Prefetch(at, IsWriteKind(kind));
    if (IsCell(first)) Prefetch(FirstSyncOf(CellIndex(first)), IsWriteKind(kind));
    if (!multi_actor && first != kFreed) return operation(nullptr, nullptr, nullptr);
    race::Conflict conflict;
    if (first == kFreed) {
      race::SlowGranule(a, GranuleOf(addr), MaskIn(GranuleOf(addr), addr, addr + kSize),
                        IsWriteKind(kind), kNoEpoch, nullptr, &conflict);
      ReportAtomic(a, addr, kSize, kind, pc, conflict);
      return operation(nullptr, nullptr, nullptr);
    }
    // The log may have to be collected, which takes long: not with the cell locked.
    const Word cur = RecordingEpoch(a);
    if (cur != 0 && cur != kNoEpoch) PrepareLog(a, cur);
    // Both halves before the operation: a release ends the epoch that they belong to.
    if (kSize > 8) {
      if (Cell* second = LockCell(UnitOf(addr) + kUnit, true)) {
        CheckIn(a, second, addr + kUnit, kSize - kUnit, kind, pc, false, &conflict);
        UnlockCell(second);
      }
    }
    Cell* cell = LockCell(UnitOf(addr), true);
    if (cell == nullptr) return operation(nullptr, nullptr, nullptr);
    Settle(cell);
    CheckIn(a, cell, addr, kSize, kind, pc, false, &conflict);
    const T result = operation(a, cell, &conflict);
    UnlockCell(cell);
    ReportAtomic(a, addr, kSize, kind, pc, conflict);
    return result;
  }

  // The cell of the unit if it says that this epoch did the same, or can be made to without its lock.
  // *begin is the lock's count. `clock`: the object's will be taken or given. With Looks::kCaller, and a
  // cell, Confirm() must be called after an exchange.
  template <race::Looks kLooks>
  static Cell* RecordedCell(Actor* a, T* at, u8 kind, bool clock, uptr pc, u32* begin) {
    const uptr addr = reinterpret_cast<uptr>(at);
    if (kSize > 8 || a == nullptr || !HasShadow(addr)) return nullptr;
    const Word tag = __atomic_load_n(WriteWord(UnitOf(addr)), __ATOMIC_RELAXED);
    if (!IsCell(tag)) return nullptr;
    Prefetch(at, IsWriteKind(kind));
    if (clock) Prefetch(FirstSyncOf(CellIndex(tag)), IsWriteKind(kind));
    const Word cur = CurrentWord() == kNoEpoch ? NextEpoch(a) : CurrentWord();
    if (cur == 0) return nullptr;
    Cell* cell = &cells[CellIndex(tag)];
    const u8 mask = MaskOf8(addr, kSize);
    Where where = {a, cur, addr, kSize, kind, pc};
    const race::Renewal renewal =
        race::Renew<kLooks>(a, tag, UnitOf(addr), mask, kind, cur & ~kFullMask, where, begin);
    if (renewal == race::Renewal::kNo) return nullptr;
    if (renewal != race::Renewal::kAgain) return cell;
    Recheck(a, cell, addr, kind, pc);
    return nullptr;
  }

  // False if it is no longer the cell of this unit.
  static bool Recheck(Actor* a, Cell* cell, uptr addr, u8 kind, uptr pc) {
    race::Conflict conflict;
    cell->lock.Lock();
    const bool same = cell->unit == UnitOf(addr);
    if (same) CheckIn(a, cell, addr, kSize, kind, pc, true, &conflict);
    cell->lock.Unlock();
    ReportAtomic(a, addr, kSize, kind, pc, conflict);
    return same;
  }

  // After RecordedCell<kCaller> of a write and an exchange: looks for conflicts if the cell has changed.
  static void Confirm(Actor* a, Cell* cell, u32 begin, T* at, uptr pc) {
    if (CSAN_LIKELY(cell->lock.Unchanged(begin))) return;
    if (Recheck(a, cell, reinterpret_cast<uptr>(at), kAtomicWrite, pc)) return;
    Do(at, kAtomicWrite, pc, [](Actor*, Cell*, race::Conflict*) { return T(); });
  }

  static T Load(T* at, int order, uptr pc) {
    Actor* const self = AtomicActor();
    u32 begin;
    const bool acquires = Acquires(static_cast<Order>(order));
    if (const Cell* cell =
            RecordedCell<race::Looks::kRenewal>(self, at, kAtomicRead, acquires, pc, &begin)) {
      constexpr u32 kTries = 4;
      ClockCopy copy;
      copy.lock = nullptr;
      copy.size = 0;
      for (u32 i = 0; i < kTries; i++) {
        const bool copied = (!acquires && !fences_used) ||
                            CopyRelease(self, cell, reinterpret_cast<uptr>(at), &copy);
        if (!copied || (!acquires && copy.size != 0)) break;
        const T value = __atomic_load_n(at, __ATOMIC_SEQ_CST);
        if (CSAN_LIKELY(Fits(copy, cell, begin))) {
          LearnCopy(self, copy);
          return value;
        }
        if (!cell->lock.Unchanged(begin)) break;
      }
    }
    return Do(at, kAtomicRead, pc, [=](Actor* a, Cell* cell, race::Conflict*) {
      const T value = __atomic_load_n(at, __ATOMIC_SEQ_CST);
      if (a != nullptr)
        AtomicLoaded(a, cell, reinterpret_cast<uptr>(at), static_cast<Order>(order));
      return value;
    });
  }

  static void Put(T* at, T value, int order) {
    if (static_cast<Order>(order) == Order::kSeqCst) {
      __atomic_store_n(at, value, __ATOMIC_SEQ_CST);
    } else {
      __atomic_store_n(at, value, __ATOMIC_RELEASE);
    }
  }

  // Whether the store is done, a release that needs no change of the cell.
  static bool StoredQuickly(T* at, T value, int order, uptr pc) {
    Actor* const self = AtomicActor();
    u32 begin;
    if (!Releases(static_cast<Order>(order)) || self == nullptr || !CanBeginStore(self))
      return false;
    Cell* cell = RecordedCell<race::Looks::kCaller>(self, at, kAtomicWrite, true, pc, &begin);
    if (cell == nullptr) return false;
    PrepareRelease(self);
    SyncVar* const sync = BeginStore(self, cell, begin, reinterpret_cast<uptr>(at));
    if (sync == nullptr) {
      __atomic_thread_fence(__ATOMIC_SEQ_CST);
      Confirm(self, cell, begin, at, pc);
      return false;
    }
    Put(at, value, order);
    sync->lock.Unlock();
    return true;
  }

  static void Store(T* at, T value, int order, uptr pc) {
    if (StoredQuickly(at, value, order, pc)) return;
    Do(at, kAtomicWrite, pc, [=](Actor* a, Cell* cell, race::Conflict*) {
      if (a != nullptr) {
        if (Releases(static_cast<Order>(order))) PrepareRelease(a);
        AtomicStored(a, cell, reinterpret_cast<uptr>(at), static_cast<Order>(order));
      }
      Put(at, value, order);
      return value;
    });
  }

  // Whether a read-modify-write neither takes nor gives a clock and is recorded; then it is done.
  template <typename Modify>
  static bool ModifiedQuickly(T* at, int order, uptr pc, Modify modify) {
    if (static_cast<Order>(order) != Order::kRelaxed || fences_used) return false;
    Actor* const self = AtomicActor();
    u32 begin;
    Cell* cell = RecordedCell<race::Looks::kCaller>(self, at, kAtomicWrite, false, pc, &begin);
    if (cell == nullptr) return false;
    modify();
    Confirm(self, cell, begin, at, pc);
    return true;
  }

  template <typename Modify>
  static T Update(T* at, int order, uptr pc, Modify modify) {
    T had;
    if (ModifiedQuickly(at, order, pc, [&] { had = modify(); })) return had;
    return Do(at, kAtomicWrite, pc, [=](Actor* a, Cell* cell, race::Conflict*) {
      if (a != nullptr) {
        AtomicModified(a, cell, reinterpret_cast<uptr>(at), static_cast<Order>(order));
      }
      return modify();
    });
  }

  static T CompareExchange(T* at, T expected, T desired, int order, int failure, uptr pc) {
    const T seen = TryExchange(at, expected, desired, order, failure, pc);
    if (CSAN_UNLIKELY(attempts_watched)) {
      NoteExchanged(reinterpret_cast<uptr>(at), seen == expected, pc);
    }
    return seen;
  }

  static T Exchange(T* at, T value, int order, uptr pc) {
    const T had =
        Update(at, order, pc, [=] { return __atomic_exchange_n(at, value, __ATOMIC_SEQ_CST); });
    if (CSAN_UNLIKELY(attempts_watched)) {
      NoteExchanged(reinterpret_cast<uptr>(at), had != value, pc);
    }
    return had;
  }

  static T TryExchange(T* at, T expected, T desired, int order, int failure, uptr pc) {
    T had = expected;
    if (static_cast<Order>(failure) == Order::kRelaxed && ModifiedQuickly(at, order, pc, [&] {
          __atomic_compare_exchange_n(at, &had, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
        })) {
      return had;
    }
    // A failing exchange is a load. Which it will be is guessed: relaxed operations of others do not wait
    // for the lock.
    const u8 guess = __atomic_load_n(at, __ATOMIC_RELAXED) == expected ? kAtomicWrite : kAtomicRead;
    return Do(at, guess, pc, [=](Actor* a, Cell* cell, race::Conflict* conflict) {
      T seen = expected;
      const uptr addr = reinterpret_cast<uptr>(at);
      const bool done = __atomic_compare_exchange_n(at, &seen, desired, false, __ATOMIC_SEQ_CST,
                                                    __ATOMIC_SEQ_CST);
      if (a == nullptr) return seen;
      if (done) {
        if (conflict != nullptr) CheckIn(a, cell, addr, kSize, kAtomicWrite, pc, false, conflict);
        AtomicModified(a, cell, addr, static_cast<Order>(order));
      } else {
        AtomicLoaded(a, cell, addr, static_cast<Order>(failure));
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

// For callers that stand between; the hook jumps to it.
#define CSAN_EXCHANGE_AT(bits, T)                                                  \
  __attribute__((visibility("hidden"))) T csan_atomic##bits##_compare_exchange_at( \
      T* at, T expected, T desired, int order, int failure, uptr pc) {             \
    return Atomic<T>::CompareExchange(at, expected, desired, order, failure, pc);  \
  }

#define CSAN_ATOMIC_RMW(bits, T, name, builtin)                                     \
  CSAN_INTERFACE T __csan_atomic##bits##_##name(T* at, T value, int order) {        \
    return Atomic<T>::Update(at, order, CSAN_PC,                                    \
                             [=] { return builtin(at, value, __ATOMIC_SEQ_CST); }); \
  }

#define CSAN_ATOMIC(bits, T)                                                                       \
  CSAN_INTERFACE T __csan_atomic##bits##_load(T* at, int order) {                                  \
    return Atomic<T>::Load(at, order, CSAN_PC);                                                    \
  }                                                                                                \
  CSAN_INTERFACE void __csan_atomic##bits##_store(T* at, T value, int order) {                     \
    Atomic<T>::Store(at, value, order, CSAN_PC);                                                   \
  }                                                                                                \
  CSAN_INTERFACE T __csan_atomic##bits##_exchange(T* at, T value, int order) {                     \
    return Atomic<T>::Exchange(at, value, order, CSAN_PC);                                         \
  }                                                                                                \
  CSAN_ATOMIC_RMW(bits, T, fetch_add, __atomic_fetch_add)                                          \
  CSAN_ATOMIC_RMW(bits, T, fetch_sub, __atomic_fetch_sub)                                          \
  CSAN_ATOMIC_RMW(bits, T, fetch_and, __atomic_fetch_and)                                          \
  CSAN_ATOMIC_RMW(bits, T, fetch_or, __atomic_fetch_or)                                            \
  CSAN_ATOMIC_RMW(bits, T, fetch_xor, __atomic_fetch_xor)                                          \
  CSAN_ATOMIC_RMW(bits, T, fetch_nand, __atomic_fetch_nand)                                        \
  CSAN_INTERFACE T __csan_atomic##bits##_compare_exchange(T* at, T expected, T desired, int order, \
                                                          int failure) {                           \
    return csan_atomic##bits##_compare_exchange_at(at, expected, desired, order, failure,          \
                                                   CSAN_PC);                                       \
  }

extern "C" {
CSAN_EXCHANGE_AT(8, csan::u8)
CSAN_EXCHANGE_AT(16, csan::u16)
CSAN_EXCHANGE_AT(32, csan::u32)
CSAN_EXCHANGE_AT(64, csan::u64)
CSAN_EXCHANGE_AT(128, unsigned __int128)

CSAN_ATOMIC(8, csan::u8)
CSAN_ATOMIC(16, csan::u16)
CSAN_ATOMIC(32, csan::u32)
CSAN_ATOMIC(64, csan::u64)
CSAN_ATOMIC(128, unsigned __int128)

CSAN_INTERFACE void __csan_atomic_fence(int order) {
  if (csan::Actor* a = csan::Orderer(); a != nullptr && csan::multi_actor) {
    csan::AtomicFence(a, static_cast<csan::Order>(order));
  }
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

CSAN_INTERFACE void __csan_uses_fence() { csan::fences_used = true; }
}
