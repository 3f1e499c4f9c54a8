// coroutine-leak: a coroutine is suspended, and nobody can ever resume or destroy it.
//
// The compiled code keeps a record in each frame (abi/layout.h): two words that say whose frame it is in,
// and where it is suspended, or that it runs. A look for leaks goes through the blocks of the heap that
// nothing that can run leads to. One with the record of a coroutine that runs can run after all, with what
// it leads to: its frame's address may be in no register any more, if it will not need it, as before a call
// of exit. What is left over and is suspended has leaked. Leaked ones that point to each other, as one that
// awaits and one that is awaited do, are one finding.
//
// Why it cannot accuse a correct program: as of goroutines (goroutine_leak.cc); stacks of goroutines that
// wait in vain count as reachable here. At exit it looks before static objects are destroyed. There is no
// verdict where the kernel may keep pointers that nobody can read (io_uring), in fork children, and without
// ptrace. A program would be accused that hides the only pointer to a frame: in the upper bits of a word,
// in a pipe that is read after a look in the midst of the program, or by ending in the await_suspend that
// was given it.
// What it can miss: frames that are no blocks of the heap's own (a pool's, those on the caller's stack) or
// have more than 1 MB, those that an exception left at their end, and what a stale pointer reaches.
// Cost: 24 bytes of each frame, and two stores for each suspension; none where the optimiser keeps the
// frame in registers. A look: reading those blocks, a nanosecond for each word. Memory: 32 bytes for each
// frame that it finds, of a million at most.
#include "detect/leak/coroutine_leak.h"

#include "abi/hooks.h"
#include "abi/layout.h"
#include "actor/scope.h"
#include "base/format.h"
#include "detect/evidence.h"
#include "detect/leak/goroutine_leak.h"
#include "memory/heap.h"
#include "report/finding.h"

namespace csan {
namespace {

constinit bool coroutines_used = false;

}  // namespace

bool LooksForCoroutines() { return __atomic_load_n(&coroutines_used, __ATOMIC_RELAXED); }
void ForgetCoroutines() { __atomic_store_n(&coroutines_used, false, __ATOMIC_RELAXED); }

void ReportCoroutinesAtExit() {
  static constinit bool done = false;
  if (!LooksForCoroutines() || __atomic_exchange_n(&done, true, __ATOMIC_RELAXED)) return;
  CheckLeaks(false, true);
}

namespace leak {

struct Frame {
  AddressRange block;
  const abi::SuspensionSite* site;
  u32 leader;  // of those that point to each other; see LeaderOf
  u32 next;    // of the same leader; kNone at the end
};
constexpr u32 kNone = ~0u;
inline uptr Lowest(const Frame& frame) { return frame.block.lo; }

struct LostFrames {
  static constexpr u32 kMost = 1 << 20;
  u32 count;
  Frame at[kMost];
};

namespace {

// A custom operator new may put its own things before the frame.
constexpr uptr kBeforeFrame = 64;

struct Records {
  bool run;
  const abi::SuspensionSite* site;  // of the frame that the block is; null if it is none
};

Records ReadRecords(AddressRange block) {
  Records out = {false, nullptr};
  for (uptr at = (block.lo + 7) & ~7ull; at + 16 <= block.hi; at += 8) {
    const u64 mark = reinterpret_cast<const u64*>(at)[0];
    const uptr twice = mark - abi::kOwnFrameMark - at;
    const uptr frame = twice / 2;
    const bool own = (twice & 1) == 0 && frame >= block.lo && frame < at;
    if (!own && mark != abi::kPartFrameMark) continue;
    const u64 where = reinterpret_cast<const u64*>(at)[1];
    if (where == 0) out.run = true;
    if (own && where != 0 && frame - block.lo <= kBeforeFrame)
      out.site = reinterpret_cast<const abi::SuspensionSite*>(where);
  }
  return out;
}

struct Visit {
  Reach* reach;
  LostFrames* lost;
};

void LetRun(AddressRange block, void* context) {
  if (ReadRecords(block).run) static_cast<Visit*>(context)->reach->SearchWord(block.lo);
}

void Collect(AddressRange block, void* context) {
  LostFrames* lost = static_cast<Visit*>(context)->lost;
  const Records records = ReadRecords(block);
  if (records.site == nullptr || lost->count == LostFrames::kMost) return;
  lost->at[lost->count] = {block, records.site, lost->count, kNone};
  lost->count++;
}

u32 LeaderOf(LostFrames* lost, u32 i) {
  while (lost->at[i].leader != i) i = lost->at[i].leader = lost->at[lost->at[i].leader].leader;
  return i;
}

// They are in the order of their addresses.
u32 FrameAt(const LostFrames* lost, uptr addr) {
  const u32 i = FindBelow(lost->at, lost->count, addr);
  return i < lost->count && addr < lost->at[i].block.hi ? i : lost->count;
}

void Connect(LostFrames* lost) {
  for (u32 i = 0; i < lost->count; i++) {
    const AddressRange block = lost->at[i].block;
    for (uptr at = (block.lo + 7) & ~7ull; at + 8 <= block.hi; at += 8) {
      const u32 other = FrameAt(lost, *reinterpret_cast<const uptr*>(at));
      if (other == lost->count) continue;
      // The lower leads, so that a leader comes first.
      const u32 a = LeaderOf(lost, i);
      const u32 b = LeaderOf(lost, other);
      lost->at[a < b ? b : a].leader = a < b ? a : b;
    }
  }
}

// ---- The findings

// Frames of one kind: suspended at the same place and created at the same.
struct Kind {
  const abi::SuspensionSite* site;
  u32 created, creator;
  u32 count;
};
bool SameKind(const Kind& a, const Kind& b) { return a.site == b.site && a.created == b.created; }

// Frames that point to each other, and others like them.
struct Group {
  static constexpr u32 kMost = 8;
  Kind kind[kMost];
  u32 kinds;
};
struct Groups {
  static constexpr u32 kMost = 64;  // of more nothing is told
  Group at[kMost];
  u32 n;
};

bool Ended(const Kind& kind) { return kind.site->kind == abi::kFinalSuspension; }

// What a library has told that was unloaded is gone.
bool IsThere(const abi::SuspensionSite* site, AddressRange* known) {
  const uptr at = reinterpret_cast<uptr>(site);
  if (at < known->lo || at + sizeof(*site) > known->hi) {
    Mapping m;
    if (!FindMapping(at, &m) || !m.readable || m.path[0] == 0) return false;
    *known = {m.lo, m.hi};
  }
  return site->kind == abi::kSuspension || site->kind == abi::kFinalSuspension;
}

void Add(Group* group, const Kind& kind) {
  for (u32 i = 0; i < group->kinds; i++) {
    if (!SameKind(group->kind[i], kind)) continue;
    group->kind[i].count += kind.count;
    return;
  }
  if (group->kinds < Group::kMost) group->kind[group->kinds++] = kind;
}

bool SameKinds(const Group& a, const Group& b) {
  u32 same = 0;
  for (u32 i = 0; i < a.kinds; i++) {
    for (u32 k = 0; k < b.kinds; k++) same += SameKind(a.kind[i], b.kind[k]) ? 1 : 0;
  }
  return a.kinds == b.kinds && same == a.kinds;
}

void Add(Groups* groups, const Group& group) {
  u32 i = 0;
  while (i < groups->n && !SameKinds(groups->at[i], group)) i++;
  if (i == Groups::kMost) return;
  if (i == groups->n) groups->at[groups->n++].kinds = 0;
  for (u32 k = 0; k < group.kinds; k++) Add(&groups->at[i], group.kind[k]);
}

Kind KindOf(const Frame& frame) {
  BlockInfo info = {};
  FindBlock(frame.block.lo, &info);
  return {frame.site, info.alloc_stack, info.alloc_actor, 1};
}

void PutKind(Text* text, const Kind& kind, bool first) {
  text->Str("left ");
  if (kind.count != 1) text->Dec(kind.count).Str(" coroutines ");
  if (kind.count == 1) text->Str(first ? "a coroutine " : "another ");
  if (!first) text->Str(kind.count == 1 ? "" : "more ").Str("that belongs to it ");
  text->Str(Ended(kind) ? "at its end, not destroyed" : "suspended for ever");
}

void Report(const Group& group) {
  Finding* f = BeginFinding();
  f->kind = FindingKind::kCoroutineLeak;
  bool all_ended = true;
  for (u32 i = 0; i < group.kinds; i++) {
    const Kind& kind = group.kind[i];
    all_ended = all_ended && Ended(kind);
    Line<96> what;
    PutKind(&what, kind, i == 0);
    if (Step* step = AddStep(f, kind.creator, what.data(), 0); step != nullptr) {
      step->stack.n = 1;
      step->stack.kept = true;
      step->stack.pc[0] = abi::kSitePc | reinterpret_cast<uptr>(kind.site);
    }
    AddStep(f, kind.creator, kind.count == 1 ? "created it" : "created them", 0, kind.created);
  }
  Text(f->why, sizeof(f->why))
      .Str("nothing that can still run reaches ")
      .Str(all_ended ? "its frame: it has ended, but nobody can ever destroy it."
                     : "its frame, so nobody can ever resume or destroy it.");
  SubmitFinding(f);
}

}  // namespace

LostFrames* OpenLostFrames() {
  return LooksForCoroutines() ? static_cast<LostFrames*>(TryMap(sizeof(LostFrames))) : nullptr;
}

void FindLostFrames(LostFrames* lost, Reach* reach) {
  if (lost == nullptr || reach->kernel_keeps()) return;
  Visit visit = {reach, lost};
  reach->ForEachUnreached(true, LetRun, &visit);
  reach->Follow();
  reach->ForEachUnreached(false, Collect, &visit);
  Connect(lost);
}

void ReportLostFrames(LostFrames* lost) {
  if (lost == nullptr) return;
  auto* groups = static_cast<Groups*>(TryMap(sizeof(Groups)));
  for (u32 i = lost->count; i-- > 0;) {
    const u32 leader = LeaderOf(lost, i);
    if (leader == i) continue;
    lost->at[i].next = lost->at[leader].next;
    lost->at[leader].next = i;
  }
  AddressRange known = {};
  for (u32 i = 0; groups != nullptr && i < lost->count; i++) {
    if (lost->at[i].leader != i) continue;
    Group group = {};
    for (u32 k = i; k != kNone; k = lost->at[k].next) {
      if (IsThere(lost->at[k].site, &known)) Add(&group, KindOf(lost->at[k]));
    }
    if (group.kinds != 0) Add(groups, group);
  }
  for (u32 i = 0; groups != nullptr && i < groups->n; i++) Report(groups->at[i]);
  if (groups != nullptr) UnmapMemory(groups, sizeof(Groups));
}

void CloseLostFrames(LostFrames* lost) {
  if (lost != nullptr) UnmapMemory(lost, sizeof(LostFrames));
}

}  // namespace leak
}  // namespace csan

extern "C" CSAN_INTERFACE void __csan_uses_coroutines() {
  __atomic_store_n(&csan::coroutines_used, true, __ATOMIC_RELAXED);
}
