// Walks a log from the newest entry back and puts 0 in place of the dead ones: those that the shadow no
// longer names, those that a newer one repeats, and the sections in which nothing lives. Packed pages are
// unpacked for it and packed again. An entry costs a few cache misses; without memory all stays as it is.
#pragma once

#include "base/types.h"
#include "shadow/word.h"
#include "trace/log_chunk.h"
#include "trace/log_entry.h"
#include "trace/said.h"

namespace csan::trace {

class Marking {
 public:
  explicit Marking(u64 entries);
  ~Marking();
  Marking(const Marking&) = delete;
  Marking& operator=(const Marking&) = delete;

  // The chunks of a list from the last to the first.
  void Mark(LogChunk* chunk);

 private:
  void MarkAll(u64* entries, u32 count, Word epoch);
  void MarkEntries(u64* entries, u32 begin, u32 end, Word epoch);

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

}  // namespace csan::trace
