// Walks entries forward with the section in force.
#pragma once

#include "base/types.h"
#include "shadow/word.h"
#include "trace/log_entry.h"
#include "trace/stack_table.h"

namespace csan::trace {

struct LogReader {
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

}  // namespace csan::trace
