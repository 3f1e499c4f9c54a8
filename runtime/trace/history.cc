#include "trace/history.h"

#include "platform/platform.h"
#include "shadow/cell.h"
#include "shadow/shadow.h"
#include "shadow/word_set.h"

namespace csan {
namespace {

// A log below this is not worth compacting.
constexpr u64 kCompactMin = 8192;

constinit SpinLock chunk_lock;
constinit LogChunk* free_chunks = nullptr;

LogChunk* NewChunk() {
  SpinGuard guard(chunk_lock);
  if (free_chunks == nullptr) {
    constexpr u32 kBatch = 64;
    LogChunk* batch = static_cast<LogChunk*>(MapMemory(sizeof(LogChunk) * kBatch, "history"));
    for (u32 i = 0; i < kBatch; i++) {
      batch[i].next = free_chunks;
      free_chunks = &batch[i];
    }
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
uptr OffsetOf(u64 pc_note) { return (pc_note >> 60) & 3; }
u32 SizeLogOf(u64 pc_note) { return static_cast<u32>(pc_note >> 56) & 0xF; }

bool NamesWord(uptr granule, Word epoch_word) {
  const Word words[2] = {__atomic_load_n(WriteWord(granule), __ATOMIC_RELAXED),
                         __atomic_load_n(ReadWord(granule), __ATOMIC_RELAXED)};
  for (Word w : words) {
    if (w == 0) continue;
    if (IsPlain(w)) {
      if (SameEpoch(w, epoch_word)) return true;
    } else if (IsCell(w)) {
      if (MayNameEpoch(w, epoch_word)) return true;
    } else if (IsSet(w)) {
      WordList list;
      Expand(w, &list);
      for (u32 i = 0; i < list.n; i++) {
        if (SameEpoch(list.at[i], epoch_word)) return true;
      }
    }
  }
  return false;
}

bool IsLive(u64 entry, uptr size, Word epoch_word) {
  const uptr addr = LogAddress(entry);
  for (uptr g = addr; g < addr + size + kGranule - 1; g += kGranule) {
    if (NamesWord(g, epoch_word)) return true;
  }
  return false;
}

// Which entry is the newest of those that say the same but for the stack: memory that is freed and
// handed out again within one epoch leaves many. Keys are 64-bit hashes; should two collide, the
// older one's stack is lost.
class Newest {
 public:
  explicit Newest(u64 entries) {
    while (capacity_ < entries * 2) capacity_ *= 2;
    slots_ = static_cast<Slot*>(TryMap(capacity_ * sizeof(Slot)));
  }
  ~Newest() {
    if (slots_ != nullptr) UnmapMemory(slots_, capacity_ * sizeof(Slot));
  }
  Newest(const Newest&) = delete;
  Newest& operator=(const Newest&) = delete;

  void Saw(u64 key, u64 index) {
    if (slots_ != nullptr) *Find(key) = {key, index};
  }
  bool IsNewest(u64 key, u64 index) { return slots_ == nullptr || Find(key)->index == index; }

 private:
  struct Slot {
    u64 key;
    u64 index;
  };
  Slot* Find(u64 key) {
    u64 i = key & (capacity_ - 1);
    while (slots_[i].key != 0 && slots_[i].key != key) i = (i + 1) & (capacity_ - 1);
    return &slots_[i];
  }
  u64 capacity_ = 1024;
  Slot* slots_;
};

u64 KeyOf(u64 entry, uptr size, Word epoch) {
  const u64 pc_note = NodeAt(SiteOf(entry)).pc_note;
  const u64 write = (pc_note >> 48) & (kNoteWrite | kNoteAtomic);
  u64 h = (LogAddress(entry) + OffsetOf(pc_note)) * 0x9E3779B97F4A7C15ull;
  h = (h ^ (h >> 29) ^ size ^ (write << 40) ^ (static_cast<u64>(epoch) << 8)) * 0xBF58476D1CE4E5B9ull;
  return (h ^ (h >> 32)) | 1;
}

// Walks entries with the markers in force.
struct Reader {
  Word epoch = 0;
  StackId lock_set = 0;
  u64 pending = 0;  // a range entry that waits for its length

  // Calls visit(entry, addr_low, size, note) for a complete access.
  template <typename Visitor>
  void Feed(u64 entry, Visitor visit) {
    if (IsMarker(entry)) {
      switch (KindOf(entry)) {
        case Marker::kEpoch: epoch = static_cast<Word>(PayloadOf(entry)) << kMaskBits; break;
        case Marker::kLockSet: lock_set = static_cast<StackId>(PayloadOf(entry)); break;
        case Marker::kLength:
          if (pending != 0) visit(pending, PayloadOf(entry));
          pending = 0;
          break;
      }
      return;
    }
    const u64 pc_note = NodeAt(SiteOf(entry)).pc_note;
    if (SizeLogOf(pc_note) == kSizeLogRange) {
      pending = entry;
    } else {
      visit(entry, 1ull << SizeLogOf(pc_note));
    }
  }
};

}  // namespace

void History::Append(u64 entry) {
  if (last_ == nullptr || last_->count == LogChunk::kEntries) {
    LogChunk* chunk = NewChunk();
    (last_ == nullptr ? first_ : last_->next) = chunk;
    last_ = chunk;
  }
  last_->entries[last_->count++] = entry;
  entries_++;
}

void History::Compact() {
  Newest newest(entries_);
  Reader reader;
  u64 index = 0;
  for (LogChunk* chunk = first_; chunk != nullptr; chunk = chunk->next) {
    for (u64 i = 0; i < chunk->count; i++) {
      reader.Feed(chunk->entries[i], [&](u64 entry, uptr size) {
        newest.Saw(KeyOf(entry, size, reader.epoch), ++index);
      });
    }
  }
  LogChunk* chunk = first_;
  first_ = last_ = nullptr;
  entries_ = 0;
  index = 0;
  reader = {};
  Word written_epoch = 0;
  StackId written_set = 0;
  while (chunk != nullptr) {
    for (u64 i = 0; i < chunk->count; i++) {
      reader.Feed(chunk->entries[i], [&](u64 entry, uptr size) {
        if (!newest.IsNewest(KeyOf(entry, size, reader.epoch), ++index)) return;
        if (!IsLive(entry, size, reader.epoch)) return;
        if (reader.epoch != written_epoch) {
          written_epoch = reader.epoch;
          Append(LogMarker(Marker::kEpoch, written_epoch >> kMaskBits));
        }
        if (reader.lock_set != written_set) {
          written_set = reader.lock_set;
          Append(LogMarker(Marker::kLockSet, written_set));
        }
        Append(entry);
        if (SizeLogOf(NodeAt(SiteOf(entry)).pc_note) == kSizeLogRange) {
          Append(LogMarker(Marker::kLength, size));
        }
      });
    }
    LogChunk* done = chunk;
    chunk = chunk->next;
    FreeChunk(done);
  }
}

void History::Refill(u64** cursor, u64** limit) {
  SpinGuard guard(lock_);
  if (*cursor != nullptr) {
    const u64 count = static_cast<u64>(*cursor - last_->entries);
    entries_ += count - last_->count;
    last_->count = count;
    if (entries_ >= (threshold_ > kCompactMin ? threshold_ : kCompactMin)) {
      cursor_ = nullptr;
      Compact();
      threshold_ = entries_ * 2;
    }
  }
  LogChunk* chunk = NewChunk();
  (last_ == nullptr ? first_ : last_->next) = chunk;
  last_ = chunk;
  *cursor = chunk->entries;
  *limit = chunk->entries + LogChunk::kEntries;
  cursor_ = cursor;
}

void History::Close(u64** cursor, u64** limit) {
  SpinGuard guard(lock_);
  if (*cursor == nullptr) return;
  last_->count = static_cast<u64>(*cursor - last_->entries);
  cursor_ = nullptr;
  *cursor = *limit = nullptr;
  Compact();
}

bool History::Find(Word word, uptr granule, bool want_write, bool want_atomic, FoundAccess* found) {
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
      reader.Feed(chunk->entries[i], [&](u64 entry, uptr size) {
        if (!SameEpoch(reader.epoch, word)) return;
        const u64 pc_note = NodeAt(SiteOf(entry)).pc_note;
        const uptr addr = LogAddress(entry) + OffsetOf(pc_note);
        if (addr + size <= granule || addr >= granule + kGranule) return;
        const u32 mask = MaskIn(granule, addr, addr + size);
        if (MaskOf(word) != 0 && (mask & MaskOf(word)) == 0) return;
        const u32 note = static_cast<u32>(pc_note >> 48) & 0xFF;
        const bool is_write = (note & kNoteWrite) != 0;
        const bool fits = is_write == want_write && ((note & kNoteAtomic) != 0) == want_atomic;
        if (any && exact && !fits) return;
        any = true;
        exact = fits;
        *found = {SiteOf(entry), addr, size, reader.lock_set};
      });
    }
  }
  return any;
}

}  // namespace csan
