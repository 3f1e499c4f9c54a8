// What can be reached from where: a conservative search for pointers, as a garbage collector's.
//
// Every aligned word that could be the address of something within a live block of the heap, or within the
// stack of an actor that waits, is taken for a pointer to it; so the answer is "reachable" too often, never
// too seldom, for programs whose pointers stand in memory as they are. Pages that were never touched are
// skipped. Runs while the world stands still: allocates nothing, locks nothing. A word costs about a
// nanosecond, a pointer the misses of the cache that finding its block takes.
#pragma once

#include "base/types.h"
#include "memory/census.h"
#include "platform/platform.h"

namespace csan::leak {

// The part of a stack that is in use.
struct WaitingStack {
  AddressRange range;
  AddressRange record;  // within: who points to it only knows that the actor waits
  bool reached;
};

// A block of the heap that such stacks are in, perhaps with what their library keeps beside them. Who points
// to a stack does not reach the rest, nor the other way round.
struct StackHolder {
  AddressRange block;
  bool reached;
};

class Reach {
 public:
  // With the heap locked. Room for `stacks` of actors. False without memory.
  bool Open(u32 stacks);
  void Close();

  // What is no root: of the runtime, or searched otherwise. Before the first search.
  void Exclude(AddressRange range);
  void AddStack(AddressRange range, AddressRange record);
  // Of a fiber, wherever its library has got it from, which is no root either. False if that was the heap and
  // no live block is there.
  bool AddFiberStack(AddressRange range, AddressRange record);
  void Settle();
  // A live one.
  bool HeapBlockAt(uptr addr, AddressRange* block) const;
  bool Excluded(uptr addr) const;

  // All that the process may write to but what is excluded.
  void SearchMappings();
  // What of [lo, hi) is there.
  void SearchPages(AddressRange range);
  // All of it, which can be read.
  void SearchWords(uptr lo, uptr hi);
  // May be done only by Follow.
  void SearchWord(uptr word);
  // A block of the heap is searched only if told to.
  void LeaveOut(uptr block);
  // What beside stacks of fibers is in blocks of the heap.
  void SearchHolders();
  // Everything that what has been found leads to.
  void Follow();

  bool Reached(uptr object) const;
  // The live blocks of the heap that nothing found leads to, in the order of their addresses; then, if asked
  // for, those that were mapped one by one.
  void ForEachUnreached(bool large, void (*visit)(AddressRange block, void* context),
                        void* context);
  // Whether the kernel may have pointers that cannot be read.
  bool kernel_keeps() const { return kernel_keeps_; }

 private:
  static constexpr u32 kExtra = 1 << 12;
  // Words whose blocks are being fetched; what is behind a pointer is rarely in the cache.
  static constexpr u32 kAhead = 16;
  void SearchAhead(uptr word);
  void SearchSmall(uptr word);
  bool Mark(u64 number);
  bool Marked(u64 number) const { return (marks_[number / 64] >> (number & 63) & 1) != 0; }
  void Push(AddressRange range) { todo_[todo_count_++] = range; }
  void SearchRoot(AddressRange range);
  WaitingStack* StackAt(uptr addr) const;
  StackHolder* HolderAt(uptr addr) const;
  void SettleHolders();
  void ReachHolder(StackHolder* holder);
  void ReachStack(WaitingStack* stack, uptr word);
  bool SearchHolder(uptr word);
  LargeBlock* LargeAt(uptr addr) const;

  HeapCensus census_;
  u64* marks_;
  uptr marks_size_;
  LargeBlock* large_;
  bool* large_marked_;
  AddressRange large_span_;
  WaitingStack* stacks_;
  u32 stack_count_, stack_room_;
  AddressRange stack_span_;
  StackHolder* holders_;
  u32 holder_count_;
  AddressRange holder_span_;
  AddressRange* excluded_;
  u32 excluded_count_, excluded_room_;
  AddressRange* todo_;
  u64 todo_count_;
  uptr ahead_[kAhead];
  u32 ahead_next_;
  uptr todo_size_;
  int pagemap_;
  bool kernel_keeps_;
};

inline uptr Lowest(AddressRange r) { return r.lo; }
inline uptr Lowest(const WaitingStack& s) { return s.range.lo; }
inline uptr Lowest(const StackHolder& h) { return h.block.lo; }
inline uptr Lowest(const LargeBlock& b) { return b.block.lo; }

// The last of the sorted ones that begins at or below `addr`; n if none does.
template <typename T>
u32 FindBelow(const T* at, u32 n, uptr addr) {
  u32 lo = 0;
  u32 hi = n;
  while (lo < hi) {
    const u32 middle = (lo + hi) / 2;
    if (Lowest(at[middle]) <= addr) {
      lo = middle + 1;
    } else {
      hi = middle;
    }
  }
  return lo == 0 ? n : lo - 1;
}

}  // namespace csan::leak
