// The two generations of a history: when each is looked at, and how closely.
#include "trace/history.h"

#include "trace/chunk_pool.h"

namespace csan {

using namespace trace;

namespace {

constexpr u32 kSkipsMax = 15;      // young generations in a row that join the old one unseen
constexpr u64 kOldMin = 64 << 10;  // entries; fewer are not worth a cleaning
constexpr u32 kSearchPeriod =
    4;  // of so many cleanings of the old generation one looks for repetitions

}  // namespace

constinit History History::finished_;

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
      if (++cleanings_ % kSearchPeriod == 0) {
        Collect(first_);
      } else {
        Move(CutFrom(first_), true, this);
      }
      // Where most of what was looked at lives, the next look waits until there is much more.
      old_limit_ = old_entries_ * (old_entries_ > had / 4 * 3 ? 6 : 5) / 2;
    }
  }
  LogChunk* chunk = NewChunkAfter(last_, need);
  Push(chunk);
  chunk->epoch = 0;
  if (young_ == nullptr) young_ = chunk;
  young_chunks_++;
  *cursor = chunk->entries;
  *limit = chunk->entries + LogChunk::kEntriesOf[chunk->form];
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
  SpinGuard common(finished_.lock_);
  if (first_ != nullptr) Move(first_, false, &finished_);
  first_ = last_ = young_ = nullptr;
  young_chunks_ = 0;
  if (finished_.old_entries_ > finished_.old_limit_ && finished_.old_entries_ > kOldMin) {
    finished_.old_entries_ = 0;
    finished_.Collect(finished_.first_);
    finished_.old_limit_ = finished_.old_entries_ * 2;
  }
}

}  // namespace csan
