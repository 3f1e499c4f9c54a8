// The collection of a history's dead entries: by whole chunks, by a look at each, or with a search for
// repetitions, as history.h tells.
#include "trace/history.h"

#include "clock/dead.h"
#include "trace/chunk_pool.h"
#include "trace/liveness.h"
#include "trace/log_source.h"
#include "trace/marking.h"

namespace csan {

using namespace trace;

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
      const bool usable = to->last_ != nullptr && to->last_->count == 0 && to->last_->form == 0;
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
  LogSource entries(source, look);
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

}  // namespace csan
