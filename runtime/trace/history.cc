#include "trace/history.h"

#include "clock/dead.h"
#include "platform/platform.h"
#include "shadow/cell.h"
#include "shadow/shadow.h"
#include "shadow/word_set.h"

namespace csan {
namespace {

constexpr u32 kSkipsMax = 15;  // young generations in a row that join the old one unseen
constexpr u32 kAhead = 12;     // entries
constexpr u64 kOldMin = 64 << 10;
constexpr u32 kSearchPeriod =
    4;  // every so many cleanings of the old generation look for repetitions

constinit SpinLock chunk_lock;
constinit LogChunk* free_chunks = nullptr;
constinit u64 chunks_mapped = 0;
constinit History finished;  // of the actors that have ended

LogChunk* NewChunk() {
  SpinGuard guard(chunk_lock);
  if (free_chunks == nullptr) {
    constexpr u32 kBatch = 64;
    LogChunk* batch = static_cast<LogChunk*>(MapMemory(sizeof(LogChunk) * kBatch, "history"));
    for (u32 i = kBatch; i-- > 0;) {
      batch[i].next = free_chunks;
      free_chunks = &batch[i];
    }
    chunks_mapped += kBatch;
  }
  LogChunk* chunk = free_chunks;
  free_chunks = chunk->next;
  chunk->next = nullptr;
  chunk->count = 0;
  return chunk;
}

void FreeChunk(LogChunk* chunk) {
  SpinGuard guard(chunk_lock);
  chunk->next = free_chunks;
  free_chunks = chunk;
}

StackId SiteOf(u64 entry) { return static_cast<StackId>(entry & kMarkerSite); }
bool IsMarker(u64 entry) { return SiteOf(entry) == kMarkerSite; }
Marker KindOf(u64 entry) { return static_cast<Marker>(entry >> 62); }
u64 PayloadOf(u64 entry) { return (entry >> kStackIdBits) & ((1ull << 40) - 1); }
Word EpochWordOf(u64 marker) {
  return static_cast<Word>(PayloadOf(marker) & ((1ull << 28) - 1)) << kMaskBits;
}
bool IsExtent(u64 entry) { return IsMarker(entry) && KindOf(entry) != Marker::kSection; }
u32 LocksOf(u64 marker) { return static_cast<u32>(PayloadOf(marker) >> 28); }
u32 NoteOf(u64 pc_note) { return static_cast<u32>(pc_note >> 48) & 0xFF; }
uptr OffsetOf(u64 pc_note) { return (pc_note >> 60) & 3; }
u32 SizeLogOf(u64 pc_note) { return static_cast<u32>(pc_note >> 56) & 0xF; }

u64 LoadEntry(const u64* at) { return __atomic_load_n(at, __ATOMIC_RELAXED); }

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

uptr RunCount(u64 payload) { return payload >> kRunStrideBits; }
uptr RunStride(u64 payload) { return payload & ((1u << kRunStrideBits) - 1); }

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

// Whether a word is plain and of another epoch.
CSAN_ALWAYS_INLINE bool Other(const Word* at, Word epoch) {
  const Word w = __atomic_load_n(at, __ATOMIC_RELAXED);
  return IsPlain(w) && !SameEpoch(w, epoch);
}

// Whether the epoch has also written all these bytes of a granule: what races with a read of them then
// races with that write.
CSAN_ALWAYS_INLINE bool WrittenToo(uptr granule, u32 mask, Word epoch) {
  const Word w = __atomic_load_n(WriteWord(granule), __ATOMIC_RELAXED);
  return IsPlain(w) && SameEpoch(w, epoch) && (mask & ~MaskOf(w)) == 0;
}

// Whether the shadow still names an access; `extent` is the marker that follows it, or 0.
CSAN_ALWAYS_INLINE bool LivesOn(u64 entry, u64 pc_note, u32 size_log, u64 extent, Word epoch) {
  const uptr first = LogAddress(entry) + OffsetOf(pc_note);
  const bool write = (NoteOf(pc_note) & kNoteWrite) != 0;
  if (CSAN_LIKELY(extent == 0)) {
    const uptr g = LogAddress(entry);
    const uptr end = first + (1ull << size_log);
    if (Other(PlaneWord(g, write), epoch)) {
      if (end <= g + kGranule) return false;
      if (end <= g + 2 * kGranule) return NamesWord(g + kGranule, kFullMask, write, epoch);
    }
    if (!IsLive(first, end - first, write, epoch)) return false;
    return write || !(WrittenToo(g, MaskIn(g, first, end), epoch) &&
                      (end <= g + kGranule ||
                       (end <= g + 2 * kGranule &&
                        WrittenToo(g + kGranule, MaskIn(g + kGranule, first, end), epoch))));
  }
  if (KindOf(extent) == Marker::kLength) return IsLive(first, PayloadOf(extent), write, epoch);
  const u64 run = PayloadOf(extent);
  for (uptr k = 0; k < RunCount(run); k++) {
    if (IsLive(first + k * RunStride(run), 1ull << size_log, write, epoch)) return true;
  }
  return false;
}

// What the entries seen so far said, newest first, so that older repetitions can go: memory that is
// freed and handed out again within one epoch leaves many. A table that forgets, but never lies:
// keys are exact.
class Said {
 public:
  // Tables are recycled: collections follow one another closely.
  explicit Said(u64 entries) {
    if (entries <= kSmallCapacity * 8) {
      SpinGuard guard(pool_lock);
      if (pool != nullptr) {
        slots_ = pool;
        pool = *reinterpret_cast<Slot**>(pool);
        generation_ = slots_[0].extent;
      }
    }
    while (capacity_ < entries / 8) capacity_ *= 2;
    if (slots_ == nullptr) {
      slots_ = static_cast<Slot*>(TryMap((capacity_ + kLine) * sizeof(Slot)));
      if (slots_ != nullptr) {
        PopulatePages(reinterpret_cast<uptr>(slots_), (capacity_ + kLine) * sizeof(Slot));
      }
    }
    NextEpoch();
  }
  ~Said() {
    if (slots_ == nullptr) return;
    if (capacity_ == kSmallCapacity) {
      SpinGuard guard(pool_lock);
      slots_[0] = {0, generation_};
      *reinterpret_cast<Slot**>(slots_) = pool;
      pool = slots_;
    } else {
      UnmapMemory(slots_, (capacity_ + kLine) * sizeof(Slot));
    }
  }
  Said(const Said&) = delete;
  Said& operator=(const Said&) = delete;

  void NextEpoch() {
    if (slots_ == nullptr || ++generation_ < 1u << kGenerationBits) return;
    generation_ = 1;
    for (u64 i = kLine; i < capacity_ + kLine; i++) slots_[i] = {0, 0};
  }
  void Expect(uptr granule) { __builtin_prefetch(LineOf(granule)); }
  // Whether a newer entry said the same, of the same extent; remembers this one. `what` is the
  // entry's address in bits 8 and up, and below it offset (2), kind (2) and size (4).
  bool Repeats(uptr granule, u64 what, u64 extent) {
    if (slots_ == nullptr) return false;
    const u64 key = what << kGenerationBits | generation_;
    Slot* slot = LineOf(granule) + (what >> 4 & 3);
    if (slot->key == key && slot->extent == extent) return true;
    *slot = {key, extent};
    return false;
  }

 private:
  struct Slot {
    u64 key;
    u64 extent;
  };
  // Entries of one address share a cache line, a slot for each kind.
  Slot* LineOf(uptr granule) {
    return &slots_[kLine +
                   (((granule * 0x9E3779B97F4A7C15ull) >> 24) & (capacity_ - 1) & ~(kLine - 1))];
  }
  static constexpr u64 kLine = 4;
  static constexpr u32 kGenerationBits = 14;
  static constexpr u64 kSmallCapacity = 1 << 14;
  static SpinLock pool_lock;
  static Slot* pool;
  u64 capacity_ = kSmallCapacity;
  u64 generation_ = 0;
  Slot* slots_ = nullptr;  // [0] is the pool's
};
constinit SpinLock Said::pool_lock;
constinit Said::Slot* Said::pool = nullptr;

// Walks a log from the newest entry back and puts 0 in place of the dead ones.
class Marking {
 public:
  explicit Marking(u64 entries) : said_(entries) {}

  void Mark(LogChunk* chunk) {
    // Sections are found forward, then taken from the last.
    u32 begins[LogChunk::kEntries];
    u32 n = 0;
    for (u32 i = 0; i < chunk->count; i++) {
      const u64 e = chunk->entries[i];
      if (IsMarker(e) && KindOf(e) == Marker::kSection) begins[n++] = i;
    }
    u32 end = chunk->count;
    while (n-- > 0) {
      const u32 begin = begins[n];
      MarkEntries(chunk, begin + 1, end, EpochWordOf(chunk->entries[begin]));
      if (live_ == 0) {
        for (u32 k = 0; k < LocksOf(chunk->entries[begin]) && k < locks_; k++) {
          *lock_[(locks_ - 1 - k) % kLocksKept] = 0;
        }
        chunk->entries[begin] = 0;
      }
      live_ = 0;
      locks_ = 0;
      end = begin;
    }
    MarkEntries(chunk, 0, end, chunk->epoch);
  }

 private:
  void MarkEntries(LogChunk* chunk, u32 begin, u32 end, Word epoch) {
    if (epoch != epoch_) {
      epoch_ = epoch;
      dead_ = IsDead(epoch);  // once: a section must not be dropped in part
      said_.NextEpoch();
    }
    if (dead_) {
      for (u32 i = begin; i < end; i++) chunk->entries[i] = 0;
      length_ = nullptr;
      return;
    }
    for (u32 i = end; i-- > begin;) {
      u64* at = &chunk->entries[i];
      // Shadow words lie anywhere: nearly every look is a cache miss, so ask early.
      if (i >= kAhead) {
        PrefetchWord(chunk->entries[i - kAhead]);
        said_.Expect(LogAddress(chunk->entries[i - kAhead]));
      }
      if (*at == 0) continue;
      if (IsMarker(*at)) {
        length_ = at;
        continue;
      }
      const u64 pc_note = NodeAt(SiteOf(*at)).pc_note;
      if ((NoteOf(pc_note) & kNoteLock) != 0) {
        lock_[locks_++ % kLocksKept] = at;
        continue;
      }
      const u32 size_log = SizeLogOf(pc_note);
      const u64 extent = length_ != nullptr ? *length_ : 0;
      const u64 what = (*at >> kStackIdBits) << 8 | OffsetOf(pc_note) << 6 |
                       (NoteOf(pc_note) & (kNoteWrite | kNoteAtomic)) << 4 | size_log;
      if (!LivesOn(*at, pc_note, size_log, extent, epoch) ||
          said_.Repeats(LogAddress(*at), what, extent)) {
        if (length_ != nullptr) *length_ = 0;
        *at = 0;
      } else {
        live_++;
      }
      length_ = nullptr;
    }
  }

  Said said_;
  Word epoch_ = 0;
  bool dead_ = false;
  u64 live_ = 0;           // accesses since the section's end
  u64* length_ = nullptr;  // length or run that belongs to the entry before it
  u64* lock_[kLocksKept];  // lock entries since the section's end
  u32 locks_ = 0;
};

// Walks entries forward with the section in force.
struct Reader {
  Word epoch = 0;
  u32 locks = 0;
  u64 lock[kLocksKept];
  u32 locks_to_come = 0;
  u64 last = 0;  // the access that a length or a run belongs to

  // Calls visit(entry, pc_note, size, count, stride) for a complete access; for a run after its first.
  template <typename Visitor>
  void Feed(u64 entry, Visitor visit) {
    if (IsMarker(entry)) {
      if (KindOf(entry) == Marker::kSection) {
        epoch = EpochWordOf(entry);
        locks_to_come = LocksOf(entry);
        locks = 0;
      } else if (last != 0) {
        const u64 pc_note = NodeAt(SiteOf(last)).pc_note;
        const u64 extent = PayloadOf(entry);
        if (KindOf(entry) == Marker::kLength) {
          visit(last, pc_note, extent, 1, 0);
        } else {
          visit(last, pc_note, 1ull << SizeLogOf(pc_note), RunCount(extent), RunStride(extent));
        }
        last = 0;
      }
      return;
    }
    if (locks_to_come > 0) {
      locks_to_come--;
      if (locks < kLocksKept) lock[locks++] = entry;
      return;
    }
    const u64 pc_note = NodeAt(SiteOf(entry)).pc_note;
    last = entry;
    if (SizeLogOf(pc_note) != kSizeLogRange) {
      visit(entry, pc_note, 1ull << SizeLogOf(pc_note), 1, 0);
    }
  }

  StackId LockSet() const {
    StackId set = 0;
    for (u32 i = 0; i < locks; i++) {
      const u64 mode = NoteOf(NodeAt(SiteOf(lock[i])).pc_note) & kNoteWrite;
      set = Child(set, PackSite(LogAddress(lock[i]), static_cast<u32>(mode), 0));
      set = Child(set, PackSite(SiteOf(lock[i]), kNoteNone, 0));
    }
    return set;
  }
};

}  // namespace

u64 HistoryBytes() { return __atomic_load_n(&chunks_mapped, __ATOMIC_RELAXED) * sizeof(LogChunk); }

void History::Push(LogChunk* chunk) {
  chunk->prev = last_;
  chunk->next = nullptr;
  (last_ == nullptr ? first_ : last_->next) = chunk;
  last_ = chunk;
}

CSAN_ALWAYS_INLINE void History::Append(u64 entry, Word epoch) {
  if (last_ == nullptr || last_->count == LogChunk::kEntries) {
    Push(NewChunk());
    last_->epoch = epoch;
  }
  last_->entries[last_->count++] = entry;
  old_entries_++;
}

// The owner's position becomes the last chunk's count.
void History::Settle() {
  if (cursor_ != nullptr) last_->count = static_cast<u32>(*cursor_ - last_->entries);
}

// Drops what the shadow no longer names from `from` on and moves the rest together.
void History::Sweep(LogChunk* from) {
  LogChunk* source = from;
  last_ = from->prev;
  (last_ == nullptr ? first_ : last_->next) = nullptr;
  Word epoch = from->epoch;
  bool dead = IsDead(epoch);
  u64 section[kLocksKept + 1];  // marker and locks; written once something lives in it
  u32 section_size = 0;
  u32 locks_to_come = 0;
  u32 begin = 0;  // 1 if the first entry of a chunk belongs to the last access of the one before
  while (source != nullptr) {
    LogChunk* const next = source->next;
    const u32 count = source->count;
    u32 i = begin;
    begin = 0;
    while (i < count) {
      const u64 entry = source->entries[i++];
      if (IsMarker(entry)) {
        if (KindOf(entry) != Marker::kSection) continue;  // an extent in a dead section
        epoch = EpochWordOf(entry);
        dead = IsDead(epoch);
        locks_to_come = LocksOf(entry);
        section[0] = entry;
        section_size = 1;
        continue;
      }
      if (dead) continue;
      if (locks_to_come > 0) {
        locks_to_come--;
        if (section_size <= kLocksKept) section[section_size++] = entry;
        continue;
      }
      if (i + kAhead < count) {
        PrefetchWord(source->entries[i + kAhead]);
      }
      const u64 pc_note = NodeAt(SiteOf(entry)).pc_note;
      u64 extent = 0;
      if (i < count) {
        if (IsExtent(source->entries[i])) extent = source->entries[i++];
      } else if (next != nullptr && next->count > 0 && IsExtent(next->entries[0])) {
        extent = next->entries[0];
        begin = 1;
      }
      if (!LivesOn(entry, pc_note, SizeLogOf(pc_note), extent, epoch)) continue;
      for (u32 k = 0; k < section_size; k++) Append(section[k], epoch);
      section_size = 0;
      Append(entry, epoch);
      if (extent != 0) Append(extent, epoch);
    }
    // Only now: a section that goes on from one chunk to the next would overtake what is still unread.
    FreeChunk(source);
    source = next;
  }
}

// Drops what is dead or said again from `from` on and moves the rest together.
void History::Collect(LogChunk* from) {
  u64 entries = 0;
  for (LogChunk* c = from; c != nullptr; c = c->next) entries += c->count;
  {
    Marking marking(entries);
    for (LogChunk* c = last_; c != nullptr; c = c == from ? nullptr : c->prev) marking.Mark(c);
  }
  LogChunk* source = from;
  last_ = from->prev;
  (last_ == nullptr ? first_ : last_->next) = nullptr;
  Word epoch = from->epoch;
  u64 section = 0;  // the marker in force in what has been kept, if it names no locks
  while (source != nullptr) {
    LogChunk* const next = source->next;
    for (u32 i = 0; i < source->count; i++) {
      const u64 entry = source->entries[i];
      if (entry == 0) continue;
      if (IsMarker(entry) && KindOf(entry) == Marker::kSection) {
        if (entry == section) continue;
        section = LocksOf(entry) == 0 ? entry : 0;
        epoch = EpochWordOf(entry);
      }
      Append(entry, epoch);
    }
    FreeChunk(source);
    source = next;
  }
}

void History::Refill(u64** cursor, u64** limit) {
  SpinGuard guard(lock_);
  Settle();
  cursor_ = nullptr;
  if (young_chunks_ == kYoungChunks) {
    const u64 entries = static_cast<u64>(young_chunks_) * LogChunk::kEntries;
    if (skip_ > 0) {
      skip_--;
      old_entries_ += entries;
    } else {
      const u64 before = old_entries_;
      Sweep(young_);
      // Where most entries live, looking at them soon again is in vain.
      skips_ = (old_entries_ - before) * 2 > entries
                   ? (skips_ < kSkipsMax ? skips_ * 2 + 1 : skips_)
                   : 0;
      skip_ = skips_;
    }
    young_ = nullptr;
    young_chunks_ = 0;
    if (old_entries_ > old_limit_ && old_entries_ > kOldMin) {
      old_entries_ = 0;
      if (++majors_ % kSearchPeriod == 0) {
        Collect(first_);
      } else {
        Sweep(first_);
      }
      old_limit_ = old_entries_ + old_entries_ / 2;
    }
  }
  LogChunk* chunk = NewChunk();
  Push(chunk);
  chunk->epoch = 0;
  if (young_ == nullptr) young_ = chunk;
  young_chunks_++;
  *cursor = chunk->entries;
  *limit = chunk->entries + LogChunk::kEntries;
  cursor_ = cursor;
}

void History::Close(u64** cursor, u64** limit) {
  SpinGuard guard(lock_);
  if (*cursor == nullptr) return;
  Settle();
  cursor_ = nullptr;
  *cursor = *limit = nullptr;
  Collect(first_);
  SpinGuard common(finished.lock_);
  Word epoch = 0;
  for (LogChunk* chunk = first_; chunk != nullptr;) {
    for (u32 i = 0; i < chunk->count; i++) {
      const u64 entry = chunk->entries[i];
      if (IsMarker(entry) && KindOf(entry) == Marker::kSection) epoch = EpochWordOf(entry);
      finished.Append(entry, epoch);
    }
    LogChunk* const done = chunk;
    chunk = chunk->next;
    FreeChunk(done);
  }
  first_ = last_ = young_ = nullptr;
  young_chunks_ = 0;
  if (finished.old_entries_ > finished.old_limit_ && finished.old_entries_ > kOldMin) {
    finished.old_entries_ = 0;
    finished.Collect(finished.first_);
    finished.old_limit_ = finished.old_entries_ * 2;
  }
}

bool History::FindHere(Word word, uptr granule, u32 want, FoundAccess* found) {
  SpinGuard guard(lock_);
  bool any = false;
  bool exact = false;
  Reader reader;
  for (LogChunk* chunk = first_; chunk != nullptr; chunk = chunk->next) {
    u64 count = chunk->count;
    if (chunk == last_ && cursor_ != nullptr) {
      count = static_cast<u64>(__atomic_load_n(cursor_, __ATOMIC_ACQUIRE) - chunk->entries);
    }
    for (u64 i = 0; i < count; i++) {
      reader.Feed(LoadEntry(&chunk->entries[i]),
                  [&](u64 entry, u64 pc_note, uptr size, uptr n, uptr step) {
                    if (!SameEpoch(reader.epoch, word)) return;
                    uptr addr = LogAddress(entry) + OffsetOf(pc_note);
                    if (n > 1 && addr + size <= granule) {
                      uptr k = (granule - addr - size) / step +
                               1;  // the first that ends past the granule's begin
                      if (k >= n) k = n - 1;
                      addr += k * step;
                    }
                    if (addr + size <= granule || addr >= granule + kGranule) return;
                    const u32 mask = MaskIn(granule, addr, addr + size);
                    if (MaskOf(word) != 0 && (mask & MaskOf(word)) == 0) return;
                    const bool fits = (NoteOf(pc_note) & (kNoteWrite | kNoteAtomic)) == want;
                    if (any && exact && !fits) return;
                    any = true;
                    exact = fits;
                    *found = {SiteOf(entry), addr, size, reader.LockSet()};
                  });
    }
  }
  return any;
}

bool History::Find(Word word, uptr granule, bool want_write, bool want_atomic, FoundAccess* found) {
  const u32 want = (want_write ? kNoteWrite : 0u) | (want_atomic ? kNoteAtomic : 0u);
  return FindHere(word, granule, want, found) || finished.FindHere(word, granule, want, found);
}

}  // namespace csan
