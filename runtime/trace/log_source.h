// Entries of a list of chunks in order, which are given back once they are read. Some are read ahead, so
// that the shadow words they ask for are on their way.
#pragma once

#include "base/types.h"
#include "trace/chunk_pool.h"
#include "trace/liveness.h"
#include "trace/log_chunk.h"

namespace csan::trace {

// With `look`, chunks that are dead as a whole are left out.
class LogSource {
 public:
  LogSource(LogChunk* first, bool look)
      : chunk_(first), unpacker_(first, first->count), look_(look) {
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

}  // namespace csan::trace
