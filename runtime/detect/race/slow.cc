// Data races by vector clocks (FastTrack's epochs, with exact lists where one epoch is not enough).
//
// State: two shadow words per granule (shadow/word.h), cells and sets behind them; one clock for each
// actor and synchronisation object. An access races with an earlier one iff they touch a common byte,
// at least one writes, not both are atomic, and the earlier epoch is not in the accessing actor's
// clock. Each edge in a clock comes from a synchronisation the program made, so a correct program,
// all of whose conflicting accesses are ordered by such edges, is not accused; lost or merged
// updates only ever forget accesses or add knowledge.
//
// What it can miss: orders that another schedule would not have had (happens-before only);
// accesses whose slot was handed over lossily, or that happened while no slot or no cell was to be
// had (all three counted); accesses by code that is not instrumented. Cost: see fast.h; a list costs
// a locked hash probe, a cell a lock and a scan of its entries.
#include "detect/race/slow.h"

#include "actor/recording.h"
#include "clock/slots.h"
#include "detect/race/cell_access.h"
#include "detect/race/conflict.h"
#include "detect/race/fast.h"
#include "detect/race/race.h"
#include "shadow/cell.h"
#include "shadow/residency.h"
#include "shadow/shadow.h"
#include "shadow/word_set.h"

namespace csan::race {
namespace {

constinit u64 races = 0;

// Sets are preferred: an inlined check knows the one we are in. Once there are many, the first lists
// of an epoch become cells unless their set exists: churn stays out of the arena.
constexpr u32 kCellsFirst = 64;
// How often the clock of dead epochs is renewed, in slow accesses of one actor.
constexpr u32 kDeadPeriod = 256;

void NoteRace(Conflict* out, Word earlier, bool write, bool atomic, uptr granule) {
  out->kind = Conflict::Kind::kRace;
  out->earlier = earlier;
  out->earlier_write = write;
  out->earlier_atomic = atomic;
  out->granule = granule;
  out->earlier_actor = OwnerOf(SlotOf(earlier), WholeEpoch(earlier));
}

void NoteConflict(Conflict* out, Word earlier, bool write, bool atomic, uptr granule) {
  if (out->kind != Conflict::Kind::kNone) return;
  NoteRace(out, earlier, write, atomic, granule);
  out->kept =
      InfoOf(out->earlier_actor)->history.Find(earlier, granule, write, atomic, &out->found);
}

// Where the access of a stamped entry began: its site knows size and offset in the granule, its mask
// what is left of it.
uptr StampedAddress(uptr unit, u32 mask8, uptr offset, uptr size) {
  const u32 bytes = (1u << size) - 1;
  const bool low = offset + size <= kUnit && (mask8 & ~(bytes << offset)) == 0;
  return unit + offset + (low ? 0 : kGranule);
}

void NoteCellConflict(Conflict* out, const CellEntry& e, const Stamp& stamp, u32 mask, uptr unit) {
  if (out->kind != Conflict::Kind::kNone) return;
  const u32 both = e.mask & mask;
  const bool low = (both & 0xF) != 0;
  const Word earlier = stamp.epoch | (low ? both & 0xF : both >> 4);
  const uptr granule = unit + (low ? 0 : kGranule);
  if (stamp.site == 0) {
    NoteConflict(out, earlier, IsWriteKind(e.kind), IsAtomicKind(e.kind), granule);
    return;
  }
  NoteRace(out, earlier, IsWriteKind(e.kind), IsAtomicKind(e.kind), granule);
  const u64 pc_note = NodeAt(stamp.site).pc_note;
  const uptr size = SizeOfCode(pc_note >> 56 & 0xF);
  out->kept = true;
  out->found = {stamp.site, StampedAddress(unit, e.mask, pc_note >> 60 & 3, size), size, 0};
}

bool Unordered(const Actor* a, Word w, u32 mask) {
  return (w & mask & kFullMask) != 0 && !Knows(a, w);
}

// What remains of `list` once the current epoch has touched `mask`; the current word is added.
// A write covers everything on its bytes; a read only what is ordered before it.
void Update(const Actor* a, WordList* list, u32 mask, Word cur, bool covers_unordered) {
  u32 mine = mask;
  u32 kept = 0;
  for (u32 i = 0; i < list->n; i++) {
    Word w = list->at[i];
    if (SameEpoch(w, cur)) {
      mine |= MaskOf(w);
      continue;
    }
    const bool known = Knows(a, w);
    if (known || covers_unordered) w &= ~mask;
    if (MaskOf(w) == 0 || IsDead(w)) continue;
    list->at[kept++] = w;
  }
  list->n = kept;
  list->Add((cur & ~kFullMask) | mine);
}

// The word for `list`, or 0 if it should become a cell.
Word Represent(Actor* a, WordList* list, Word cur) {
  if (list->n == 1) return list->at[0];
  if (a->list_epoch != cur) {
    a->list_epoch = cur;
    a->list_events = 0;
  }
  if (list->n > 64) return 0;
  const Word w = Intern(list, a->list_events++ >= kCellsFirst || FewWordSets());
  return w == kNoEpoch ? 0 : w;
}

void Remember(Transition* table, Word from, u32 mask, Word to, Word cur) {
  if (from == 0 || IsCell(to) || to == from) {
    if (to != from || !IsSet(to)) return;
  }
  *TransitionFor(table, from, mask) = {from, mask, to, cur};
}

void CheckList(const Actor* a, const WordList& list, u32 mask, bool write, uptr granule,
               const WordList* skip, Conflict* out) {
  for (u32 i = 0; i < list.n; i++) {
    const Word w = list.at[i];
    if (!Unordered(a, w, mask)) continue;
    u32 bytes = w & mask & kFullMask;
    for (u32 k = 0; skip != nullptr && k < skip->n; k++) {
      if (SameEpoch(skip->at[k], w)) bytes &= ~MaskOf(skip->at[k]);
    }
    if (bytes != 0) NoteConflict(out, (w & ~kFullMask) | bytes, write, false, granule);
  }
}

bool FreedConflict(const Actor* a, uptr granule, Conflict* out) {
  if (out->kind != Conflict::Kind::kNone) return true;
  BlockInfo block;
  const Word by = FindBlock(granule, &block) ? block.free_mark : 0;
  out->kind = Conflict::Kind::kFreed;
  out->earlier_write = true;
  out->granule = granule;
  out->earlier = by != 0 && !Knows(a, by) ? by : 0;
  return true;
}

// Whether the current epoch has read all bytes in a set: only then may the inlined check accept it.
bool ReadWhole(Word set, Word cur) {
  WordList members;
  Expand(set, &members);
  for (u32 i = 0; i < members.n; i++) {
    if (members.at[i] == cur) return true;
  }
  return false;
}

enum class Outcome { kDone, kRetry };

// Turns the unit's words into a cell; without memory for one, the access goes unrecorded.
Outcome MakeCell(uptr g) {
  Cell* cell = LockCell(UnitOf(g), true);
  if (cell == nullptr) return Outcome::kDone;
  UnlockCell(cell);
  return Outcome::kRetry;
}

// Whether a word lists accesses itself. The others (a cell's name, freed memory) have come since
// SlowGranule looked.
bool IsList(Word w) { return IsPlain(w) || IsSet(w); }

void NoteReadsFrom(Actor* a, const WordList& writes, u32 mask) {
  for (u32 i = 0; i < writes.n; i++) {
    if ((writes.at[i] & mask) != 0) NoteReadFrom(a, writes.at[i]);
  }
}

// Conflicts are noted, and their stacks looked up, before the word that tells of them is replaced; if
// the word has changed meanwhile, the exchange fails and all is done again.
Outcome WriteOnce(Actor* a, uptr g, u32 mask, Word cur, LogEntryToBe* log, Conflict* out) {
  Conflict found;
  Word w = LoadWord(WriteWord(g));
  if (!IsList(w)) return Outcome::kRetry;
  WordList writes;
  Expand(w, &writes);
  const WordList before = writes;
  CheckList(a, before, mask, true, g, nullptr, &found);
  NoteReadsFrom(a, before, mask);  // of x += 1 only the write is checked
  Update(a, &writes, mask, cur, true);
  const Word now = Represent(a, &writes, cur);
  if (now == 0) return MakeCell(g);
  const Word old = w;
  log->Ensure(a, cur);
  if (!Swap(WriteWord(g), &w, now)) return Outcome::kRetry;
  if (found.kind == Conflict::Kind::kNone && !IsPlain(old)) {
    Remember(a->desk->write_transitions, old, mask, now, cur);
  }
  for (;;) {
    Word r = LoadWord(ReadWord(g));
    if (r == 0) break;
    if (!IsList(r)) {  // a cell has our write, and may have reads that we have not seen
      if (out->kind == Conflict::Kind::kNone) *out = found;
      return Outcome::kRetry;
    }
    Conflict here = found;
    WordList reads;
    Expand(r, &reads);
    CheckList(a, reads, mask, false, g, &before, &here);
    Update(a, &reads, mask, cur, true);
    const Word now_read = Represent(a, &reads, cur);
    if (now_read == 0) {
      if (out->kind == Conflict::Kind::kNone) *out = found;
      return MakeCell(g);
    }
    const Word old_read = r;
    if (!Swap(ReadWord(g), &r, now_read)) continue;
    const bool ordered = mask == kFullMask && here.kind == Conflict::Kind::kNone;
    if (ordered && IsSet(old_read)) a->known_set = old_read;
    found = here;
    break;
  }
  if (out->kind == Conflict::Kind::kNone) *out = found;
  return Outcome::kDone;
}

Outcome ReadOnce(Actor* a, uptr g, u32 mask, Word cur, LogEntryToBe* log, Conflict* out) {
  if (WrittenIn(cur, LoadWord(WriteWord(g)), mask)) return Outcome::kDone;
  Word r = LoadWord(ReadWord(g));
  if (!IsList(r)) {
    // A leftover of a cell that has been unmade between our two loads, or one in the making.
    if (LoadWord(WriteWord(g)) == kFreed || IsCell(LoadWord(WriteWord(UnitOf(g))))) {
      return Outcome::kRetry;
    }
    if (!IsCell(r)) return Outcome::kRetry;
    if (!Swap(ReadWord(g), &r, LoadWord(WriteWord(g)))) return Outcome::kRetry;
    return Outcome::kRetry;
  }
  WordList reads;
  Expand(r, &reads);
  Update(a, &reads, mask, cur, false);
  const Word now = Represent(a, &reads, cur);
  if (now == 0) return MakeCell(g);
  const Word old = r;
  if (now != r) {
    log->Ensure(a, cur);
    if (!Swap(ReadWord(g), &r, now)) return Outcome::kRetry;
  }
  Remember(a->desk->read_transitions, old, mask, now, cur);
  if (IsSet(now)) {
    Remember(a->desk->read_transitions, now, mask, now, cur);
    if (ReadWhole(now, cur)) WriteTcb64<abi::kTlsShared>(Doubled(now));
  }
  const Word w = LoadWord(WriteWord(g));
  if (!IsList(w)) return Outcome::kRetry;
  WordList writes;
  Expand(w, &writes);
  Conflict found;
  CheckList(a, writes, mask, true, g, nullptr, &found);
  NoteReadsFrom(a, writes, mask);
  if (found.kind == Conflict::Kind::kNone) return Outcome::kDone;
  if (LoadWord(WriteWord(g)) != w) return Outcome::kRetry;
  if (out->kind == Conflict::Kind::kNone) *out = found;
  return Outcome::kDone;
}

// Nothing can be recorded (no slot, or one actor only): look, but leave no trace.
Outcome CheckOnly(Actor* a, uptr g, u32 mask, bool write, Conflict* out) {
  const Word w = LoadWord(WriteWord(g));
  const Word r = write ? LoadWord(ReadWord(g)) : 0;
  if (!IsList(w) || !IsList(r)) return Outcome::kRetry;
  WordList words;
  Expand(w, &words);
  CheckList(a, words, mask, true, g, nullptr, out);
  WordList reads;
  Expand(r, &reads);
  CheckList(a, reads, mask, false, g, &words, out);
  return Outcome::kDone;
}

}  // namespace

void SlowGranule(Actor* a, uptr g, u32 mask, bool write, Word cur, LogEntryToBe* log,
                 Conflict* out) {
  const bool record = cur != 0 && cur != kNoEpoch;
  bool recheck = record && log->recheck;
  for (;;) {
    const Word w = LoadWord(WriteWord(g));
    if (w == kFreed) {
      FreedConflict(a, g, out);
      return;
    }
    const Word unit_word = LoadWord(WriteWord(UnitOf(g)));
    if (IsCell(unit_word)) {
      // The log may have to be collected, which takes long: not with the cell locked.
      if (record && !log->done) PrepareLog(a, cur);
      Cell* cell = LockCell(UnitOf(g), false);
      if (cell == nullptr) continue;
      const u32 shift = (g & kGranule) != 0 ? 4 : 0;
      const u8 kind = write ? kPlainWrite : kPlainRead;
      const u8 mask8 = static_cast<u8>(mask << shift);
      WhereOfEntry where = {log, a, cur};
      if (record && !recheck &&
          (Recorded(cell, cur & ~kFullMask, mask8, kind) ||
           TouchCell(a, cell, mask8, kind, cur & ~kFullMask, where))) {
        UnlockCell(cell);
        return;
      }
      if (record) log->Ensure(a, cur);
      CellList list;
      LoadCell(cell, &list);
      CheckCell(a, &list, mask << shift, kind, cur, cell->unit, out);
      StoreCell(cell, list);
      MarkResident(g);
      DissolveOrUnlock(cell, list);
      return;
    }
    if (IsCell(w)) continue;  // the unit's cell is being made or unmade by another actor
    const Outcome outcome = !record ? CheckOnly(a, g, mask, write, out)
                            : write ? WriteOnce(a, g, mask, cur, log, out)
                                    : ReadOnce(a, g, mask, cur, log, out);
    if (outcome == Outcome::kDone) return;
    // It may have left its word, which a cell has taken over since.
    recheck = record;
  }
}

void CheckCell(Actor* a, CellList* list, u32 mask8, u8 kind, Word cur, uptr unit, Conflict* out) {
  const u8 mask = static_cast<u8>(mask8);
  const bool record = cur != 0 && cur != kNoEpoch;
  const Word mine = cur & ~kFullMask;
  u8 own = mask;
  u32 kept = 0;
  for (u32 i = 0; i < list->n; i++) {
    CellEntry e = list->at[i];
    const Stamp stamp = StampIn(e);
    const bool known = Knows(a, stamp.epoch);
    const bool race = (e.mask & mask) != 0 && !known && Conflicting(e.kind, kind);
    if (race) NoteCellConflict(out, e, stamp, mask, unit);
    if ((e.mask & mask) != 0 && IsWriteKind(e.kind)) NoteReadFrom(a, stamp.epoch);
    if (record) {
      if (stamp.epoch == mine && e.kind == kind && e.stamped == 0) {
        own |= e.mask;
        e.mask = 0;
      }
      // A race is reported once; keeping its loser would repeat it for ever.
      if ((known || race) && Covers(kind, e.kind)) e.mask &= static_cast<u8>(~mask);
      if (e.mask == 0 || IsDead(stamp.epoch)) {
        if (e.stamped != 0) GiveStamp(e.word);
        continue;
      }
    }
    list->at[kept++] = e;
  }
  list->n = kept;
  if (record) list->Add({mine, own, kind, 0});
}

void SlowAccess(Actor* a, uptr addr, uptr size, bool write, bool logged, bool recheck,
                StackId site) {
  const Word cur = RecordingEpoch(a);
  if (++a->slow_accesses % kDeadPeriod == 0) RefreshDeadClock();
  if (WantsResidency(addr, write, cur)) MakeResident(addr, write);
  LogEntryToBe log = {addr, size, site, logged && a->logged_epoch == cur, recheck};
  Conflict conflict;
  for (uptr g = GranuleOf(addr); g < addr + size; g += kGranule) {
    SlowGranule(a, g, MaskIn(g, addr, addr + size), write, cur, &log, &conflict);
  }
  if (conflict.kind == Conflict::Kind::kNone) return;
  CountRace();
  const u32 note = static_cast<u32>(NodeAt(site).pc_note >> 48) & 0xFF;
  ReportConflict(a, {addr, size, write, false, (note & kNoteVptr) != 0, false, site}, conflict);
}

void CountRace() { __atomic_fetch_add(&races, 1, __ATOMIC_RELAXED); }

}  // namespace csan::race

namespace csan {
u64 RaceCount() { return __atomic_load_n(&race::races, __ATOMIC_RELAXED); }
}  // namespace csan
