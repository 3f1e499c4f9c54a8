#include "detect/race/window_sweep.h"

#include "actor/actor.h"
#include "clock/dead.h"
#include "clock/slots.h"
#include "clock/window.h"
#include "platform/platform.h"
#include "shadow/cell.h"
#include "shadow/residency.h"
#include "shadow/shadow.h"
#include "shadow/word_set.h"

namespace csan::race {

constinit void (*sweep_others)(bool (*is_old)(Word)) = nullptr;

namespace {

constinit bool moving[kSlots] = {};
constinit u32 passes = 0;  // of this move
constinit u64 lost = 0;
constinit u64 moves = 0;

// A plain word, with a mask or without.
bool IsOld(Word w) {
  const u32 slot = SlotOf(w);
  return moving[slot] && WholeEpoch(w) < window_begin[slot] + half_window;
}

bool TakesOut(Word w) {
  if (!IsOld(w)) return false;
  if (!IsDead(w)) lost++;
  return true;
}

// The set without its old words. Most words of a matrix name the same one.
Word WithoutOld(Word set) {
  static constinit Word last = 0;
  static constinit Word last_left = 0;
  static constinit u32 last_pass = ~0u;
  if (set == last && last_pass == passes) return last_left;
  WordList list;
  WordList left;
  Expand(set, &list);
  for (u32 i = 0; i < list.n; i++) {
    if (!TakesOut(list.at[i])) left.Add(list.at[i]);
  }
  const Word now = left.n == list.n ? set : Intern(&left, true);
  last = set;
  last_left = now == kNoEpoch ? 0 : now;
  last_pass = passes;
  return last_left;
}

void SweepWord(Word* at) {
  Word w = __atomic_load_n(at, __ATOMIC_RELAXED);
  while (w != 0 && !IsCell(w) && w != kFreed) {
    const Word left = IsPlain(w) ? (TakesOut(w) ? 0 : w) : WithoutOld(w);
    if (left == w ||
        __atomic_compare_exchange_n(at, &w, left, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
      return;
    }
  }
}

constexpr uptr kBlock = 1ull << kResidentBits;

void SweepWords(Word* first, uptr count) {
  for (uptr i = 0; i < count; i++) {
    if (__atomic_load_n(&first[i], __ATOMIC_RELAXED) != 0) SweepWord(&first[i]);
  }
}

void SweepBlock(uptr block) {
  if (IsResident(block, true)) SweepWords(WriteWord(block), kBlock / kGranule);
  if (IsResident(block, false)) SweepWords(ReadWord(block), kBlock / kGranule);
  if (!HasShadow(block + kBlock)) return;
  SweepWords(WriteWord(block + kBlock), kReachBeyond / kGranule);
  SweepWords(ReadWord(block + kBlock), kReachBeyond / kGranule);
}

// Most of a mapping has never been touched: the marks of eight blocks are looked at together.
bool SweepMapping(const Mapping& m, void*) {
  constexpr uptr kBlocks = sizeof(u64);
  if (!HasShadow(m.lo) && !HasShadow(m.hi - 1)) return true;  // the kernel's, or shadow itself
  for (uptr at = m.lo & ~(kBlocks * kBlock - 1); at < m.hi; at += kBlocks * kBlock) {
    if (*reinterpret_cast<const u64*>(&resident[at >> kResidentBits]) == 0) continue;
    for (uptr block = at; block < at + kBlocks * kBlock; block += kBlock) {
      if (block + kBlock <= m.lo || block >= m.hi || !HasShadow(block)) continue;
      if (IsResident(block, true) || IsResident(block, false)) SweepBlock(block);
    }
  }
  return true;
}

bool HasOld(const Cell* cell) {
  if (cell->n > Cell::kInline) return true;
  for (u32 i = 0; i < cell->n; i++) {
    if (IsOld(EpochIn(LoadEntry(&cell->at[i])))) return true;
  }
  return false;
}

void SweepCell(Cell* cell) {
  CellList list;
  CellList left;
  CellList old;
  LoadCell(cell, &list);
  for (u32 i = 0; i < list.n; i++) {
    (TakesOut(EpochIn(list.at[i])) ? old : left).Add(list.at[i]);
  }
  if (old.n == 0) return;
  StoreCell(cell, left);
  for (u32 i = 0; i < old.n; i++) {
    if (old.at[i].stamped != 0) GiveStamp(old.at[i].word);
  }
}

void SweepCells() {
  const u32 end = CellsEver();
  for (u32 i = 1; i < end; i++) {
    Cell* const cell = &cells[i];
    if (__atomic_load_n(&cell->unit, __ATOMIC_RELAXED) == 0 || !HasOld(cell)) continue;
    cell->lock.Lock();
    if (cell->unit != 0) SweepCell(cell);
    cell->lock.Unlock();
  }
}

// What actors remember of words would be said of other epochs.
void ForgetKnownWords() {
  LockActors();
  for (Actor* a = FirstActor(); a != nullptr; a = a->next) {
    __atomic_store_n(&a->known_write, Word{0}, __ATOMIC_RELAXED);
    __atomic_store_n(&a->known_set, Word{0}, __ATOMIC_RELAXED);
  }
  UnlockActors();
}

}  // namespace

void MoveWindows() {
  constexpr u32 kPasses = 2;
  if (passes == 0) {
    if (!WindowsWait()) return;
    BeginMove(moving);
  }
  RefreshDeadClock();
  ForEachMapping(SweepMapping, nullptr);
  SweepCells();
  if (sweep_others != nullptr) sweep_others(IsOld);
  if (++passes < kPasses) return;
  ForgetKnownWords();
  EndMove(moving);
  moves++;
  passes = 0;
}

u64 WindowMoves() { return moves; }
u64 WordsSwept() { return lost; }

}  // namespace csan::race
