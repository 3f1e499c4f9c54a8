// Whether what an entry says is still of use: its epoch is not dead, and the shadow still names it.
//
// Shadow words lie anywhere, so nearly every look is a cache miss: who walks a log asks for those of the
// entries kAhead further on.
#pragma once

#include "clock/dead.h"
#include "clock/slots.h"
#include "shadow/cell.h"
#include "shadow/shadow.h"
#include "shadow/word_set.h"
#include "trace/log_chunk.h"
#include "trace/log_entry.h"

namespace csan::trace {

constexpr u32 kAhead = 12;  // entries

// Where an access is remembered. A write stamps a used read plane too, but whoever replaces its word in the
// write plane has looked at it.
CSAN_ALWAYS_INLINE const Word* PlaneWord(uptr granule, bool write) {
  return write ? WriteWord(granule) : ReadWord(granule);
}

CSAN_ALWAYS_INLINE bool NamesWord(uptr granule, u32 mask, bool write, Word epoch_word) {
  const Word w = __atomic_load_n(PlaneWord(granule, write), __ATOMIC_RELAXED);
  // The word that a free leaves has no mask and keeps nothing: the block knows its own stacks.
  if (CSAN_LIKELY(IsPlain(w))) return SameEpoch(w, epoch_word) && (w & mask) != 0;
  if (IsCell(w)) return MayNameEpoch(w, epoch_word);
  if (!IsSet(w)) return false;
  WordList list;
  Expand(w, &list);
  for (u32 i = 0; i < list.n; i++) {
    if (SameEpoch(list.at[i], epoch_word) && (list.at[i] & mask) != 0) return true;
  }
  return false;
}

CSAN_ALWAYS_INLINE bool IsLive(uptr addr, uptr size, bool write, Word epoch_word) {
  // A cell speaks for its whole unit.
  const Word unit = __atomic_load_n(WriteWord(UnitOf(addr)), __ATOMIC_RELAXED);
  if (IsCell(unit) && UnitOf(addr + size - 1) == UnitOf(addr))
    return MayNameEpoch(unit, epoch_word);
  for (uptr g = GranuleOf(addr); g < addr + size; g += kGranule) {
    if (NamesWord(g, MaskIn(g, addr, addr + size), write, epoch_word)) return true;
  }
  return false;
}

CSAN_ALWAYS_INLINE void PrefetchWord(u64 entry) {
  const u64 pc_note = IsMarker(entry) ? 0 : NodeAt(SiteOf(entry)).pc_note;
  __builtin_prefetch(PlaneWord(LogAddress(entry), (NoteOf(pc_note) & kNoteWrite) != 0));
}

// Alone there: sets and cells are looked into.
CSAN_ALWAYS_INLINE bool OfAnotherEpoch(const Word* at, Word epoch) {
  const Word w = __atomic_load_n(at, __ATOMIC_RELAXED);
  return IsPlain(w) && !SameEpoch(w, epoch);
}

CSAN_ALWAYS_INLINE bool WrittenToo(uptr granule, uptr first, uptr end, Word epoch) {
  const Word w = __atomic_load_n(WriteWord(granule), __ATOMIC_RELAXED);
  return WrittenIn(epoch, w, MaskIn(granule, first, end));
}

// Whether the shadow still names an access; `extent` is the marker that follows it, or 0.
CSAN_ALWAYS_INLINE bool LivesOn(u64 entry, u64 pc_note, u32 size_code, u64 extent, Word epoch) {
  const uptr first = LogAddress(entry) + OffsetOf(pc_note);
  const bool write = (NoteOf(pc_note) & kNoteWrite) != 0;
  if (CSAN_LIKELY(extent == 0)) {
    const uptr g = LogAddress(entry);
    const uptr end = first + SizeOfCode(size_code);
    if (OfAnotherEpoch(PlaneWord(g, write), epoch)) {
      if (end <= g + kGranule) return false;
      if (end <= g + 2 * kGranule) return NamesWord(g + kGranule, kFullMask, write, epoch);
    }
    if (!IsLive(first, end - first, write, epoch)) return false;
    return write || !(WrittenToo(g, first, end, epoch) &&
                      (end <= g + kGranule ||
                       (end <= g + 2 * kGranule && WrittenToo(g + kGranule, first, end, epoch))));
  }
  if (KindOf(extent) == Marker::kLength) return IsLive(first, PayloadOf(extent), write, epoch);
  const u64 run = PayloadOf(extent);
  for (uptr k = 0; k < RunCount(run); k++) {
    if (IsLive(first + k * RunStride(run), SizeOfCode(size_code), write, epoch)) return true;
  }
  return false;
}

// Whether all sections of a chunk of the young generation are dead. Epochs of a slot only grow, so its last
// section speaks for all, unless the actor may have had several slots.
inline bool AllDead(const LogChunk* chunk) {
  if (chunk->packed != 0 || chunk->count == 0 || slots_scarce) return false;
  u32 last = chunk->count - 1;
  while (last > 0 && !IsSection(chunk->entries[last])) {
    last--;
  }
  const u64 first_marker = chunk->entries[0];
  if (!IsMarker(first_marker) || !IsMarker(chunk->entries[last])) return false;
  const Word epoch = EpochWordOf(chunk->entries[last]);
  return SlotOf(EpochWordOf(first_marker)) == SlotOf(epoch) && IsDead(epoch);
}

// The same of a packed chunk, for the first of an actor's own log: what comes before it is gone, so nothing
// of it can be taken for a part of another section.
inline bool AllDeadPacked(const LogChunk* chunk) {
  if (chunk->packed == 0 || chunk->epoch == 0 || slots_scarce) return false;
  const Word last = chunk->last != 0 ? chunk->last : chunk->epoch;
  return SlotOf(chunk->epoch) == SlotOf(last) && IsDead(last);
}

}  // namespace csan::trace
