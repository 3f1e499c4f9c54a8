// The middle path of an access: the inlined check has missed, and most misses are the first access
// to a word in an epoch. Handles plain words and remembered set transitions; everything else is
// left to the slow path.
//
// Simultaneous accesses are not missed. A writer publishes its word in the write plane by a locked
// compare-exchange before it looks at the read plane; a reader publishes in the read plane before it
// looks at the write plane. Of two that overlap, at least one sees the other (Dekker's argument; two
// writers meet in the write plane). The writer's later plain store to the read plane can only hide
// a reader that has seen the writer; where nothing was read it makes none, and the plane stays
// untouched: memory that its writer reads back, or nobody reads, has one shadow plane. One locked
// operation for each first access in an epoch is the cost: about 5 ns of the 7 measured.
//
// Integer code only: the program's vector registers are live here.
#pragma once

#include "actor/actor.h"
#include "base/types.h"
#include "shadow/shadow.h"
#include "shadow/word.h"

namespace csan::race {

CSAN_ALWAYS_INLINE bool Swap(Word* at, Word* expected, Word desired) {
  return __atomic_compare_exchange_n(at, expected, desired, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST);
}
CSAN_ALWAYS_INLINE Word LoadWord(const Word* at) { return __atomic_load_n(at, __ATOMIC_RELAXED); }

CSAN_ALWAYS_INLINE Transition* TransitionFor(Transition* table, Word from, u32 mask) {
  const u32 h = ((from ^ (mask << 7)) * 0x9E3779B1u) >> 26;
  return &table[h & (Desk::kTransitions - 1)];
}

// What `old` becomes when the current epoch touches `mask`, or 0 if the slow path must say.
CSAN_ALWAYS_INLINE Word Successor(Actor* a, Word old, u32 mask, Word cur, Transition* table) {
  const Word mine = (cur & ~kFullMask) | mask;
  if (CSAN_LIKELY(IsPlain(old))) {
    if (old == 0) return mine;
    if (SameEpoch(old, cur)) return old | mask;
    if (a->clock->Knows(old) && ((MaskOf(old) & ~mask) == 0 || IsDead(old))) return mine;
  }
  const Transition* t = TransitionFor(table, old, mask);
  if (t->from == old && t->mask == mask && t->epoch == cur) return t->to;
  return 0;
}

// Whether a word of the write plane cannot race with an access to `mask` by `a`.
CSAN_ALWAYS_INLINE bool OrderedWrite(Actor* a, Word w, u32 mask) {
  if (w == 0 || w == a->known_write) return true;
  if (!IsPlain(w)) return false;
  if ((w & mask) != 0) {
    if (!a->clock->Knows(w)) return false;
    NoteReadFrom(a, w);
  }
  if (MaskOf(w) == kFullMask) a->known_write = w;
  return true;
}

// `log()` is called before the first word is changed, so that whoever sees the stamp finds the entry.
template <typename Log>
CSAN_ALWAYS_INLINE bool ReadGranule(Actor* a, uptr granule, u32 mask, Word cur, Log log) {
  Word* const rp = ReadWord(granule);
  Word* const wp = WriteWord(granule);
  const Word written = LoadWord(wp);
  if (CSAN_UNLIKELY(!IsPlain(written) && !IsSet(written))) return false;
  if (WrittenIn(cur, written, mask)) return true;
  Word old = LoadWord(rp);
  for (;;) {
    const Word desired = Successor(a, old, mask, cur, a->desk->read_transitions);
    if (desired == 0) return false;
    if (desired != old) log();
    if (desired == old || Swap(rp, &old, desired)) {
      if (IsSet(desired) && mask == kFullMask) WriteTcb64<abi::kTlsShared>(Doubled(desired));
      break;
    }
  }
  return OrderedWrite(a, LoadWord(wp), mask);
}

template <typename Log>
CSAN_ALWAYS_INLINE bool WriteGranule(Actor* a, uptr granule, u32 mask, Word cur, Log log) {
  Word* const rp = ReadWord(granule);
  Word* const wp = WriteWord(granule);
  Word old = LoadWord(wp);
  for (;;) {
    if (IsPlain(old) && (old & mask) != 0) {
      if (!a->clock->Knows(old)) return false;
      NoteReadFrom(a, old);  // of x += 1 only the write is checked
    }
    const Word desired = Successor(a, old, mask, cur, a->desk->write_transitions);
    if (desired == 0) return false;
    if (desired != old) log();
    if (desired == old || Swap(wp, &old, desired)) break;
  }
  Word read = LoadWord(rp);
  for (;;) {
    if (read == 0) return true;  // nor does the write need to show there
    if (IsPlain(read)) {
      if ((read & mask) != 0 && !a->clock->Knows(read)) return false;
    } else if (read != a->known_set) {
      return false;
    }
    if (mask == kFullMask) {
      __atomic_store_n(rp, cur, __ATOMIC_RELAXED);
      return true;
    }
    // Other bytes of the granule may be read by others right now: their records must not be lost.
    const Word desired = Successor(a, read, mask, cur, a->desk->read_transitions);
    if (desired == 0) return false;
    if (desired == read || Swap(rp, &read, desired)) return true;
  }
}

// Both granules of a unit, touched whole, at once: one locked operation instead of two.

CSAN_ALWAYS_INLINE u64 LoadPair(const Word* at) {
  return __atomic_load_n(reinterpret_cast<const u64*>(at), __ATOMIC_RELAXED);
}
CSAN_ALWAYS_INLINE bool SwapPair(Word* at, u64* expected, u64 desired) {
  return __atomic_compare_exchange_n(reinterpret_cast<u64*>(at), expected, desired, false,
                                     __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
CSAN_ALWAYS_INLINE u64 SuccessorPair(Actor* a, u64 old, Word cur, Transition* table) {
  const Word low = static_cast<Word>(old);
  const Word high = static_cast<Word>(old >> 32);
  const u64 to_low = Successor(a, low, kFullMask, cur, table);
  const u64 to_high = high == low ? to_low : Successor(a, high, kFullMask, cur, table);
  return to_low == 0 || to_high == 0 ? 0 : to_high << 32 | to_low;
}
CSAN_ALWAYS_INLINE bool OrderedPair(Actor* a, u64 pair) {
  const Word low = static_cast<Word>(pair);
  const Word high = static_cast<Word>(pair >> 32);
  return OrderedWrite(a, low, kFullMask) && (high == low || OrderedWrite(a, high, kFullMask));
}
CSAN_ALWAYS_INLINE bool OrderedRead(const Actor* a, Word w) {
  return IsPlain(w) ? (w & kFullMask) == 0 || a->clock->Knows(w) : w == a->known_set;
}

// What the reads after this one may compare with, if all that was read has one word.
CSAN_ALWAYS_INLINE void NoteShared(u64 desired) {
  const Word low = static_cast<Word>(desired);
  if (IsSet(low) && low == static_cast<Word>(desired >> 32)) WriteTcb64<abi::kTlsShared>(desired);
}

// Once the access shows in its own plane: whether nothing in the other plane conflicts.
CSAN_ALWAYS_INLINE bool ReadChecked(Actor* a, uptr unit) {
  return OrderedPair(a, LoadPair(WriteWord(unit)));
}
CSAN_ALWAYS_INLINE bool WriteChecked(const Actor* a, uptr unit, Word cur) {
  const u64 read = LoadPair(ReadWord(unit));
  if (!OrderedRead(a, static_cast<Word>(read)) || !OrderedRead(a, static_cast<Word>(read >> 32))) {
    return false;
  }
  if (read == 0) return true;
  __atomic_store_n(reinterpret_cast<u64*>(ReadWord(unit)), Doubled(cur), __ATOMIC_RELAXED);
  return true;
}

template <typename Log>
CSAN_ALWAYS_INLINE bool ReadPair(Actor* a, uptr unit, Word cur, Log log) {
  Word* const rp = ReadWord(unit);
  const u64 writes = LoadPair(WriteWord(unit));
  if (writes == Doubled(cur)) return true;
  if (CSAN_UNLIKELY(!OrderedPair(a, writes))) return false;
  u64 old = LoadPair(rp);
  for (;;) {
    const u64 desired = SuccessorPair(a, old, cur, a->desk->read_transitions);
    if (desired == 0) return false;
    if (desired != old) log();
    if (desired == old || SwapPair(rp, &old, desired)) {
      NoteShared(desired);
      break;
    }
  }
  return ReadChecked(a, unit);
}

template <typename Log>
CSAN_ALWAYS_INLINE bool WritePair(Actor* a, uptr unit, Word cur, Log log) {
  Word* const wp = WriteWord(unit);
  u64 old = LoadPair(wp);
  for (;;) {
    if (!OrderedPair(a, old)) return false;
    const u64 desired = SuccessorPair(a, old, cur, a->desk->write_transitions);
    if (desired == 0) return false;
    if (desired != old) log();
    if (desired == old || SwapPair(wp, &old, desired)) break;
  }
  return WriteChecked(a, unit, cur);
}

// Two units that lie together, touched whole: half as many locked operations again. False if it must be done
// unit by unit; nothing was changed then. If they are recorded, each is to be checked.
template <bool kWrite, typename Log>
CSAN_ALWAYS_INLINE bool RecordTwo(Actor* a, uptr unit, Word cur, Log log) {
  __extension__ using u128 = unsigned __int128;
  Word* const at = kWrite ? WriteWord(unit) : ReadWord(unit);
  const u64 low = LoadPair(at);
  const u64 high = LoadPair(at + 2);
  const u64 written = kWrite ? low : LoadPair(WriteWord(unit));
  const u64 written_too = kWrite ? high : LoadPair(WriteWord(unit) + 2);
  if (!OrderedPair(a, written) || (written_too != written && !OrderedPair(a, written_too))) {
    return false;
  }
  Transition* const table = kWrite ? a->desk->write_transitions : a->desk->read_transitions;
  const u64 to_low = SuccessorPair(a, low, cur, table);
  const u64 to_high = high == low ? to_low : SuccessorPair(a, high, cur, table);
  if (to_low == 0 || to_high == 0) return false;
  log();
  u128 old = static_cast<u128>(high) << 64 | low;
  if (!__atomic_compare_exchange_n(reinterpret_cast<u128*>(at), &old,
                                   static_cast<u128>(to_high) << 64 | to_low, false,
                                   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
    return false;
  }
  if (!kWrite && to_low == to_high) NoteShared(to_low);
  return true;
}

}  // namespace csan::race
