// What who runs on a thread has at hand: caches that spare it a search, and the thread's part of the heap.
//
// A desk belongs to an OS thread, and fibers that take turns on it share it: one that waits needs none, and
// 15 KB for each would be most of what it costs. So a line that is true of one actor only names it: by its
// epoch, which no other has, or by a number. Lines stay when the thread ends and another takes the desk.
// Not thread-safe: of the thread's own.
#pragma once

#include "base/types.h"
#include "memory/heap.h"
#include "shadow/word.h"
#include "trace/stack_table.h"

namespace csan {

struct Actor;

// Modules that are not instrumented (foreign.h).
constexpr u32 kForeignModules = 8;

// Remembers what a path and call site were interned to: one probe instead of a hash chain.
struct SiteLine {
  u64 pc_note;
  StackId parent;
  StackId site;
};

// The last logged access of an instruction, to notice that it steps through memory. `marker` and `section`
// point into the log as long as its owner is in the same chunk; collected chunks come back elsewhere.
struct RunLine {
  u64 pc_note;  // without the offset
  StackId parent;
  u32 stride;
  uptr addr;
  StackId site;  // a hint
  u64* marker;   // of the run; null while there is none
  u64* section;  // which the access was logged in
  u32 chunk;     // as Actor's log_chunk
};

// Remembers a stamp renewed in a cell in which nothing conflicts with the access.
struct RenewalLine {
  u64 key;   // RenewalKey of the access
  u32 cell;  // that the unit has as long as the count of its lock is `begin`
  u32 begin;
  u32 attach;  // the actor's attachment to the stamp's slot
  Word stamp;
  Word epoch;  // what we have put there
  u32 site;
};
// Unit, kind and mask in one; never 0.
constexpr u64 RenewalKey(uptr unit, u32 kind, u32 mask) { return (unit | kind) << 8 | mask; }

// Remembers, within one epoch, what a word that needs a set turned into. Keeps bulk passes over
// shared data out of the locked path.
struct Transition {
  Word from;
  u32 mask;
  Word to;
  Word epoch;
};

// Remembers a path without what it says of coroutines (actor/coroutine.h).
struct PlainPath {
  StackId path;
  StackId plain;
};

struct alignas(64) Desk {
  static constexpr u32 kSiteLines = 256;
  static constexpr u32 kRunLines = 64;
  static constexpr u32 kRenewalLines = 128;
  static constexpr u32 kTransitions = 64;
  static constexpr u32 kPlainPaths = 32;

  SiteLine sites[kSiteLines];
  RunLine runs[kRunLines];
  RenewalLine renewals[kRenewalLines];
  Transition read_transitions[kTransitions];
  Transition write_transitions[kTransitions];
  PlainPath plain_paths[kPlainPaths];
  HeapCache heap_cache;
  u32 foreign_calls;  // made by those who take turns here, and the number of the last one to each module
  u32 last_foreign_call[kForeignModules];
  Actor* has_stack;  // whose stack was told here last, until it is made a context of
  Desk* next;        // while nobody has it
};

Desk* TakeDesk();
// With an empty cache of the heap.
void GiveDesk(Desk* desk);

}  // namespace csan
