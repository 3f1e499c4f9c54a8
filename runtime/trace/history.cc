#include "trace/history.h"

#include "base/string.h"
#include "clock/dead.h"
#include "clock/slots.h"
#include "memory/arena.h"
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
constinit LogChunk* free_short_chunks = nullptr;
constinit u64 bytes_mapped = 0;
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
    bytes_mapped += sizeof(LogChunk) * kBatch;
  }
  LogChunk* chunk = free_chunks;
  free_chunks = chunk->next;
  chunk->next = nullptr;
  chunk->count = 0;
  chunk->packed = 0;
  return chunk;
}

// For the beginning of a log: most goroutines do little before they wait.
LogChunk* NewShortChunk() {
  constexpr uptr kSize =
      sizeof(LogChunk) - (uptr{LogChunk::kEntries} - LogChunk::kShortEntries) * 8;
  static constinit Arena<kSize * 256> arena;
  SpinGuard guard(chunk_lock);
  LogChunk* chunk = free_short_chunks;
  if (chunk != nullptr) {
    free_short_chunks = chunk->next;
  } else {
    chunk = static_cast<LogChunk*>(arena.Take(kSize, "history"));
    bytes_mapped += kSize;
  }
  chunk->next = nullptr;
  chunk->count = 0;
  chunk->packed = 0;
  chunk->is_short = true;
  return chunk;
}

void FreeChunk(LogChunk* chunk) {
  SpinGuard guard(chunk_lock);
  LogChunk*& head = chunk->is_short ? free_short_chunks : free_chunks;
  chunk->next = head;
  head = chunk;
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
u32 SizeCodeOf(u64 pc_note) { return static_cast<u32>(pc_note >> 56) & 0xF; }

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
    if (Other(PlaneWord(g, write), epoch)) {
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
      slots_ = static_cast<Slot*>(TryMap(Bytes()));
      if (slots_ != nullptr) PopulatePages(reinterpret_cast<uptr>(slots_), Bytes());
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
      UnmapMemory(slots_, Bytes());
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
  uptr Bytes() const { return (capacity_ + kLine) * sizeof(Slot); }
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
  explicit Marking(u64 entries)
      : said_(entries), scratch_(static_cast<Scratch*>(TryMap(sizeof(Scratch)))) {}
  ~Marking() {
    if (scratch_ != nullptr) UnmapMemory(scratch_, sizeof(Scratch));
  }
  Marking(const Marking&) = delete;
  Marking& operator=(const Marking&) = delete;

  void Mark(LogChunk* chunk) {
    if (scratch_ == nullptr) return;
    if (chunk->packed == 0) {
      MarkAll(chunk->entries, chunk->count, chunk->epoch);
      return;
    }
    u64* const entries = scratch_->entries;
    LogUnpacker unpacker(chunk, chunk->count);
    for (u32 i = 0; unpacker.Next(&entries[i]); i++) {
    }
    MarkAll(entries, chunk->count, chunk->epoch);
    LogChunk* const again = &scratch_->chunk;
    again->count = again->packed = 0;
    LogPacker packer(again);
    for (u32 i = 0; i < chunk->count; i++) {
      // What is left can be longer than all was, if it no longer comes as expected.
      if (entries[i] != 0 && !packer.Put(&entries[i], 1)) return;
    }
    chunk->count = again->count;
    chunk->bytes = again->bytes;
    MemCopy(chunk->data, again->data, again->bytes);
  }

 private:
  void MarkAll(u64* entries, u32 count, Word epoch) {
    // Sections are found forward, then taken from the last.
    u16* const begins = scratch_->begins;
    u32 n = 0;
    for (u32 i = 0; i < count; i++) {
      const u64 e = entries[i];
      if (IsMarker(e) && KindOf(e) == Marker::kSection) begins[n++] = static_cast<u16>(i);
    }
    u32 end = count;
    while (n-- > 0) {
      const u32 begin = begins[n];
      MarkEntries(entries, begin + 1, end, EpochWordOf(entries[begin]));
      if (live_ == 0) {
        for (u32 k = 0; k < LocksOf(entries[begin]) && k < locks_; k++) {
          *lock_[(locks_ - 1 - k) % kLocksKept] = 0;
        }
        entries[begin] = 0;
      }
      live_ = 0;
      locks_ = 0;
      end = begin;
    }
    MarkEntries(entries, 0, end, epoch);
  }

  void MarkEntries(u64* entries, u32 begin, u32 end, Word epoch) {
    if (epoch != epoch_) {
      epoch_ = epoch;
      dead_ = IsDead(epoch);  // once: a section must not be dropped in part
      said_.NextEpoch();
    }
    if (dead_) {
      for (u32 i = begin; i < end; i++) entries[i] = 0;
      length_ = nullptr;
      return;
    }
    for (u32 i = end; i-- > begin;) {
      u64* at = &entries[i];
      // Shadow words lie anywhere: nearly every look is a cache miss, so ask early.
      if (i >= kAhead) {
        PrefetchWord(entries[i - kAhead]);
        said_.Expect(LogAddress(entries[i - kAhead]));
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
      const u32 size_code = SizeCodeOf(pc_note);
      const u64 extent = length_ != nullptr ? *length_ : 0;
      const u64 what = (*at >> kStackIdBits) << 8 | OffsetOf(pc_note) << 6 |
                       (NoteOf(pc_note) & (kNoteWrite | kNoteAtomic)) << 4 | size_code;
      if (!LivesOn(*at, pc_note, size_code, extent, epoch) ||
          said_.Repeats(LogAddress(*at), what, extent)) {
        if (length_ != nullptr) *length_ = 0;
        *at = 0;
      } else {
        live_++;
      }
      length_ = nullptr;
    }
  }

  struct Scratch {
    u64 entries[LogChunk::kPackedMax + 1];
    u16 begins[LogChunk::kPackedMax];
    LogChunk chunk;
  };

  Said said_;
  Scratch* scratch_;
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
          visit(last, pc_note, SizeOfCode(SizeCodeOf(pc_note)), RunCount(extent),
                RunStride(extent));
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
    if (SizeCodeOf(pc_note) != kSizeOther) {
      visit(entry, pc_note, SizeOfCode(SizeCodeOf(pc_note)), 1, 0);
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

u64 HistoryBytes() { return __atomic_load_n(&bytes_mapped, __ATOMIC_RELAXED); }

void History::Push(LogChunk* chunk) {
  chunk->prev = last_;
  chunk->next = nullptr;
  (last_ == nullptr ? first_ : last_->next) = chunk;
  last_ = chunk;
}

// The owner's position becomes the last chunk's count.
void History::Settle() {
  if (cursor_ != nullptr) last_->count = static_cast<u32>(*cursor_ - last_->entries);
}

namespace {

// Whether all sections of a chunk of the young generation are dead. Epochs of a slot only grow, so its last
// section speaks for all, unless the actor may have had several slots.
bool AllDead(const LogChunk* chunk) {
  if (chunk->packed != 0 || chunk->count == 0 || slots_scarce) return false;
  u32 last = chunk->count - 1;
  while (last > 0 &&
         !(IsMarker(chunk->entries[last]) && KindOf(chunk->entries[last]) == Marker::kSection)) {
    last--;
  }
  const u64 first_marker = chunk->entries[0];
  if (!IsMarker(first_marker) || !IsMarker(chunk->entries[last])) return false;
  const Word epoch = EpochWordOf(chunk->entries[last]);
  return SlotOf(EpochWordOf(first_marker)) == SlotOf(epoch) && IsDead(epoch);
}

// The same of a packed chunk, for the first of an actor's own log: what comes before it is gone, so nothing
// of it can be taken for a part of another section.
bool AllDeadPacked(const LogChunk* chunk) {
  if (chunk->packed == 0 || chunk->epoch == 0 || slots_scarce) return false;
  const Word last = chunk->last != 0 ? chunk->last : chunk->epoch;
  return SlotOf(chunk->epoch) == SlotOf(last) && IsDead(last);
}

// Entries of a list of chunks in order, which are given back once they are read. Some are read ahead, so
// that the shadow words they ask for are on their way. With `look`, chunks that are dead as a whole are left
// out.
class Source {
 public:
  Source(LogChunk* first, bool look) : chunk_(first), unpacker_(first, first->count), look_(look) {
    if (look && AllDead(first)) NextChunk();
    for (u32 i = 0; i < kAhead; i++) Fetch();
  }
  // 0 at the end.
  u64 Peek() const { return begin_ == end_ ? 0 : ring_[begin_ % kRing]; }
  u64 Take() {
    const u64 entry = Peek();
    if (entry != 0) begin_++;
    Fetch();
    return entry;
  }

 private:
  static constexpr u32 kRing = 16;
  static_assert(kRing > kAhead);

  CSAN_ALWAYS_INLINE void Fetch() {
    u64 entry;
    do {
      while (chunk_ != nullptr && !unpacker_.Next(&entry)) NextChunk();
      if (chunk_ == nullptr) return;
    } while (entry == 0);  // marked dead
    if (look_) PrefetchWord(entry);
    ring_[end_++ % kRing] = entry;
  }

  void NextChunk() {
    do {
      LogChunk* const done = chunk_;
      chunk_ = done->next;
      FreeChunk(done);
    } while (look_ && chunk_ != nullptr && AllDead(chunk_));
    if (chunk_ != nullptr) unpacker_ = LogUnpacker(chunk_, chunk_->count);
  }

  LogChunk* chunk_;
  LogUnpacker unpacker_;
  bool look_;
  u64 ring_[kRing];
  u32 begin_ = 0;
  u32 end_ = 0;
};

}  // namespace

// Takes the chunks from `from` on out of the list.
LogChunk* History::CutFrom(LogChunk* from) {
  last_ = from->prev;
  (last_ == nullptr ? first_ : last_->next) = nullptr;
  return from;
}

// Packs entries behind those of a history.
class History::Tail {
 public:
  explicit Tail(History* to, Word epoch) : to_(to), packer_(Chunk(to, epoch)) {}
  CSAN_ALWAYS_INLINE void Put(const u64* entries, u32 n, Word epoch) {
    to_->old_entries_ += n;
    if (CSAN_LIKELY(packer_.Put(entries, n))) return;
    to_->Push(NewChunk());
    packer_ = LogPacker(Chunk(to_, epoch));
    packer_.Put(entries, n);
  }

 private:
  static LogChunk* Chunk(History* to, Word epoch) {
    if (to->last_ == nullptr || to->last_->packed == 0) {
      const bool usable = to->last_ != nullptr && to->last_->count == 0 && !to->last_->is_short;
      if (!usable) to->Push(NewChunk());
    }
    if (to->last_->count == 0) to->last_->epoch = epoch;
    return to->last_;
  }

  History* to_;
  LogPacker packer_;
};

// Gives back what is at the front of the old generation and dead as a whole.
void History::DropDead() {
  while (first_ != young_ && AllDeadPacked(first_)) {
    LogChunk* const dead = first_;
    old_entries_ -= dead->count;
    first_ = dead->next;
    (first_ == nullptr ? last_ : first_->prev) = nullptr;
    FreeChunk(dead);
  }
}

// Packs a list of chunks of the young generation behind the old one, unseen but for what is dead as a whole.
void History::Pack(LogChunk* source) {
  Word epoch = source->epoch;
  Tail tail(this, epoch);
  while (source != nullptr) {
    const u64* const entries = source->entries;
    const u32 count = AllDead(source) ? 0 : source->count;
    for (u32 i = 0; i < count;) {
      u32 n = 1;
      if (IsMarker(entries[i])) {
        epoch = EpochWordOf(entries[i]);
        n += LocksOf(entries[i]);
      } else if (i + 1 < count && IsExtent(entries[i + 1])) {
        n++;
      }
      tail.Put(&entries[i], n, epoch);
      i += n;
    }
    LogChunk* const done = source;
    source = done->next;
    FreeChunk(done);
  }
}

// Packs the entries of a list of chunks behind those of `to`; with `look` without what is dead or no longer
// named by the shadow.
void History::Move(LogChunk* source, bool look, History* to) {
  Word epoch = source->epoch;
  bool dead = look && IsDead(epoch);
  u64 section[kLocksKept + 1];  // marker and locks; written once something lives in it
  u32 section_size = 0;
  u64 plain_section = 0;  // the marker in force in what has been written, if it names no locks
  Tail tail(to, epoch);
  Source entries(source, look);
  while (const u64 entry = entries.Take()) {
    if (IsMarker(entry)) {
      if (KindOf(entry) != Marker::kSection) continue;  // an extent in a dead section
      epoch = EpochWordOf(entry);
      dead = look && IsDead(epoch);
      section[0] = entry;
      section_size = 1;
      for (u32 k = LocksOf(entry); k > 0; k--) section[section_size++] = entries.Take();
      continue;
    }
    if (dead) continue;
    const u64 access[2] = {entry, IsExtent(entries.Peek()) ? entries.Take() : 0};
    const u64 pc_note = NodeAt(SiteOf(entry)).pc_note;
    if (look && !LivesOn(entry, pc_note, SizeCodeOf(pc_note), access[1], epoch)) continue;
    if (section_size > 0 && section[0] != plain_section) tail.Put(section, section_size, epoch);
    if (section_size > 0) plain_section = section_size == 1 ? section[0] : 0;
    section_size = 0;
    tail.Put(access, access[1] != 0 ? 2 : 1, epoch);
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
  Move(CutFrom(from), false, this);
}

u32 History::Refill(u64** cursor, u64** limit, u32 need) {
  SpinGuard guard(lock_);
  Settle();
  cursor_ = nullptr;
  if (young_chunks_ == kYoungChunks) {
    DropDead();
    const u64 entries = static_cast<u64>(young_chunks_) * LogChunk::kEntries;
    const u64 before = old_entries_;
    if (skip_ > 0) {
      skip_--;
      Pack(CutFrom(young_));
    } else {
      Move(CutFrom(young_), true, this);
      // Where most entries live, looking at them soon again is in vain.
      skips_ = (old_entries_ - before) * 2 > entries
                   ? (skips_ < kSkipsMax ? skips_ * 2 + 1 : skips_)
                   : 0;
      skip_ = skips_;
    }
    young_ = nullptr;
    young_chunks_ = 0;
    if (old_entries_ > old_limit_ && old_entries_ > kOldMin) {
      const u64 had = old_entries_;
      old_entries_ = 0;
      if (++majors_ % kSearchPeriod == 0) {
        Collect(first_);
      } else {
        Move(CutFrom(first_), true, this);
      }
      // Where most of what was looked at lives, the next look waits until there is much more.
      old_limit_ = old_entries_ * (old_entries_ > had / 4 * 3 ? 6 : 5) / 2;
    }
  }
  const bool begins = first_ == nullptr && need <= LogChunk::kShortEntries;
  LogChunk* chunk = begins ? NewShortChunk() : NewChunk();
  Push(chunk);
  chunk->epoch = 0;
  if (young_ == nullptr) young_ = chunk;
  young_chunks_++;
  *cursor = chunk->entries;
  *limit = chunk->entries + (begins ? LogChunk::kShortEntries : LogChunk::kEntries);
  cursor_ = cursor;
  static constinit u32 given = 0;
  return __atomic_add_fetch(&given, 1u, __ATOMIC_RELAXED);
}

void History::Close(u64** cursor, u64** limit) {
  SpinGuard guard(lock_);
  if (*cursor == nullptr) return;
  Settle();
  cursor_ = nullptr;
  *cursor = *limit = nullptr;
  Collect(first_);
  SpinGuard common(finished.lock_);
  if (first_ != nullptr) Move(first_, false, &finished);
  first_ = last_ = young_ = nullptr;
  young_chunks_ = 0;
  if (finished.old_entries_ > finished.old_limit_ && finished.old_entries_ > kOldMin) {
    finished.old_entries_ = 0;
    finished.Collect(finished.first_);
    finished.old_limit_ = finished.old_entries_ * 2;
  }
}

// Calls visit(reader, entry, pc_note, size, count, stride) for each access in the log, oldest first.
template <typename Visit>
void History::Read(Visit visit) {
  SpinGuard guard(lock_);
  Reader reader;
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

// The first access of a run that ends past `lo`; the only one if it is none.
static uptr StepPast(uptr addr, uptr size, uptr n, uptr step, uptr lo) {
  if (n <= 1 || addr + size > lo) return addr;
  uptr k = (lo - addr - size) / step + 1;
  if (k >= n) k = n - 1;
  return addr + k * step;
}

bool History::FindHere(Word word, uptr granule, u32 want, FoundAccess* found) {
  bool any = false;
  bool exact = false;
  Read([&](const Reader& reader, u64 entry, u64 pc_note, uptr size, uptr n, uptr step) {
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

void History::Count(uptr lo, uptr hi, LockCensus* census) {
  Read([&](const Reader& reader, u64 entry, u64 pc_note, uptr size, uptr n, uptr step) {
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
  finished.Count(lo, hi, census);
}

bool History::Find(Word word, uptr granule, bool want_write, bool want_atomic, FoundAccess* found) {
  const u32 want = (want_write ? kNoteWrite : 0u) | (want_atomic ? kNoteAtomic : 0u);
  return FindHere(word, granule, want, found) || finished.FindHere(word, granule, want, found);
}

}  // namespace csan
