#include "trace/marking.h"

#include "base/string.h"
#include "platform/platform.h"
#include "trace/liveness.h"

namespace csan::trace {

Marking::Marking(u64 entries)
    : said_(entries), scratch_(static_cast<Scratch*>(TryMap(sizeof(Scratch)))) {}

Marking::~Marking() {
  if (scratch_ != nullptr) UnmapMemory(scratch_, sizeof(Scratch));
}

void Marking::Mark(LogChunk* chunk) {
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

void Marking::MarkAll(u64* entries, u32 count, Word epoch) {
  // Sections are found forward, then taken from the last.
  u16* const begins = scratch_->begins;
  u32 n = 0;
  for (u32 i = 0; i < count; i++) {
    const u64 e = entries[i];
    if (IsSection(e)) begins[n++] = static_cast<u16>(i);
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

void Marking::MarkEntries(u64* entries, u32 begin, u32 end, Word epoch) {
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

}  // namespace csan::trace
