// Access history: where the earlier access of a race was made, however long ago.
//
// The shadow word has no room for a stack, so the cold path of each check appends one 8-byte entry
// {address, site} to the actor's log (log_entry.h) before it stamps the word. A marker opens each
// section: the epoch of the entries that follow and the locks held. An inlined hit appends nothing: it
// repeats what is recorded. Ranges take two entries, and so does a loop that steps through memory: a run.
//
// Memory: an entry lives as long as a shadow word of its bytes still names its slot and epoch and no
// later entry of the epoch says the same. Logs are collected in two generations. The young one (256
// KB) is swept each time it is full, for a few nanoseconds an entry; survivors are packed
// (log_chunk.h) into the old one, which is swept when it is two and a half or three times what lived
// in it, and each fourth time searched for repetitions; what is dead at its front goes unseen. So a log
// holds up to 3·L entries of about two bytes and the young generation, where L is the number of
// accesses whose words are in the shadow. Sections whose epoch is dead (clock/dead.h) are dropped
// unseen. Entries of actors that have ended move to one common log.
//
// Thread-safety: the owner appends without a lock; refilling, collection and readers hold `lock`.
// A stamp in the shadow implies that its entry is in the log (total store order).
#pragma once

#include "base/spin_lock.h"
#include "base/types.h"
#include "shadow/word.h"
#include "trace/log_chunk.h"
#include "trace/log_entry.h"
#include "trace/stack_table.h"

namespace csan {

static_assert(LogChunk::kEntries >= kLocksKept + 8);

constexpr u32 kYoungChunks = 64;

struct FoundAccess {
  StackId site;
  uptr addr;  // exact
  uptr size;
  StackId lock_set;  // path of {address, stack where taken}, last taken first
};

// How many of the recorded accesses to some bytes held which lock.
struct LockCensus {
  static constexpr u32 kMax = 8;  // locks told apart
  u32 accesses;
  u32 locks;
  struct {
    uptr addr;
    u32 held;  // of the accesses
  } lock[kMax];
};

class History {
 public:
  // Whether the next refill sweeps: worth a fresh look at what is dead.
  bool Full() const { return young_chunks_ == kYoungChunks; }
  // Gives the owner an empty chunk with room for `need` entries, which must begin with a section marker.
  // Returns a number that no other chunk given has.
  u32 Refill(u64** cursor, u64** limit, u32 need);
  // The owner is gone: what is live goes to the common log, the rest is given back.
  void Close(u64** cursor, u64** limit);
  // The newest access to a byte of `granule` under the mask of `word` made in the epoch of `word`.
  // Prefers those of the wanted kind. Looks in the common log too.
  bool Find(Word word, uptr granule, bool want_write, bool want_atomic, FoundAccess* found);

  // Adds the accesses to [lo, hi) that the log still has.
  void Count(uptr lo, uptr hi, LockCensus* census);
  // The same of actors that have ended.
  static void CountFinished(uptr lo, uptr hi, LockCensus* census);

  u64 entries() const { return old_entries_; }

 private:
  template <typename Visit>
  void Read(Visit visit);
  bool FindHere(Word word, uptr granule, u32 want, FoundAccess* found);
  void Settle();
  void DropDead();
  class Tail;
  void Pack(LogChunk* source);
  void Move(LogChunk* source, bool look, History* to);
  void Collect(LogChunk* from);
  LogChunk* CutFrom(LogChunk* from);
  void Push(LogChunk* chunk);

  static History finished_;  // of the actors that have ended

  SpinLock lock_;
  LogChunk* first_ = nullptr;
  LogChunk* last_ = nullptr;
  LogChunk* young_ = nullptr;  // first chunk of the young generation
  u32 young_chunks_ = 0;
  u32 skip_ = 0;       // young generations still to join the old one unseen
  u32 skips_ = 0;      // how many were to, when that was decided
  u32 cleanings_ = 0;  // of the old generation
  u64 old_entries_ = 0;
  u64 old_limit_ = 0;       // beyond which it is cleaned
  u64** cursor_ = nullptr;  // of the owner while it runs
};

}  // namespace csan
