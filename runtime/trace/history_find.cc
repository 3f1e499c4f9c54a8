// What is asked of a history: all entries are read in order, as sections say what those behind them mean.
#include "trace/history.h"

#include "shadow/shadow.h"
#include "trace/log_entry.h"
#include "trace/log_reader.h"

namespace csan {

using namespace trace;

namespace {

// The first access of a run that ends past `lo`; the only one if it is none.
uptr StepPast(uptr addr, uptr size, uptr n, uptr step, uptr lo) {
  if (n <= 1 || addr + size > lo) return addr;
  uptr k = (lo - addr - size) / step + 1;
  if (k >= n) k = n - 1;
  return addr + k * step;
}

}  // namespace

// Calls visit(reader, entry, pc_note, size, count, stride) for each access in the log, oldest first.
template <typename Visit>
void History::Read(Visit visit) {
  SpinGuard guard(lock_);
  LogReader reader;
  for (LogChunk* chunk = first_; chunk != nullptr; chunk = chunk->next) {
    u32 count = chunk->count;
    if (chunk == last_ && cursor_ != nullptr) {
      count = static_cast<u32>(__atomic_load_n(cursor_, __ATOMIC_ACQUIRE) - chunk->entries);
    }
    LogUnpacker unpacker(chunk, count);
    for (u64 e; unpacker.Next(&e);) {
      reader.Feed(e, [&](u64 entry, u64 pc_note, uptr size, uptr n, uptr step) {
        visit(reader, entry, pc_note, size, n, step);
      });
    }
  }
}

bool History::FindHere(Word word, uptr granule, u32 want, FoundAccess* found) {
  bool any = false;
  bool exact = false;
  Read([&](const LogReader& reader, u64 entry, u64 pc_note, uptr size, uptr n, uptr step) {
    if (!SameEpoch(reader.epoch, word)) return;
    const uptr addr = StepPast(LogAddress(entry) + OffsetOf(pc_note), size, n, step, granule);
    if (addr + size <= granule || addr >= granule + kGranule) return;
    const u32 mask = MaskIn(granule, addr, addr + size);
    if (MaskOf(word) != 0 && (mask & MaskOf(word)) == 0) return;
    const bool fits = (NoteOf(pc_note) & (kNoteWrite | kNoteAtomic)) == want;
    if (any && exact && !fits) return;
    any = true;
    exact = fits;
    *found = {SiteOf(entry), addr, size, reader.LockSet()};
  });
  return any;
}

bool History::Find(Word word, uptr granule, bool want_write, bool want_atomic, FoundAccess* found) {
  const u32 want = (want_write ? kNoteWrite : 0u) | (want_atomic ? kNoteAtomic : 0u);
  return FindHere(word, granule, want, found) || finished_.FindHere(word, granule, want, found);
}

void History::Count(uptr lo, uptr hi, LockCensus* census) {
  Read([&](const LogReader& reader, u64 entry, u64 pc_note, uptr size, uptr n, uptr step) {
    const uptr addr = StepPast(LogAddress(entry) + OffsetOf(pc_note), size, n, step, lo);
    if (addr + size <= lo || addr >= hi) return;
    census->accesses++;
    for (u32 i = 0; i < reader.locks; i++) {
      const uptr lock = LogAddress(reader.lock[i]);
      u32 k = 0;
      while (k < census->locks && census->lock[k].addr != lock) k++;
      if (k == LockCensus::kMax) continue;
      if (k == census->locks) census->lock[census->locks++] = {lock, 0};
      census->lock[k].held++;
    }
  });
}

void History::CountFinished(uptr lo, uptr hi, LockCensus* census) {
  finished_.Count(lo, hi, census);
}

}  // namespace csan
