// Interned call stacks: a stack is a path to the root in a tree of call sites, named by its leaf.
//
// A node is (parent, pc, note). Equal paths share nodes, so a recorded access costs four bytes for
// its whole stack. The tree only grows; kCapacity nodes fit, beyond which Child returns 0 ("stack
// not kept") and the loss is counted. Lock-free: a node is published by one compare-exchange.
#pragma once

#include "base/types.h"

namespace csan {

using StackId = u32;  // 0: unknown or empty

constexpr StackId kStackIdBits = 22;

// What kind of access a leaf stands for; kept in the spare high bits of the node's pc.
enum AccessNote : u32 {
  kNoteNone = 0,
  kNoteWrite = 1,
  kNoteAtomic = 2,
  kNoteFree = 4,
  kNoteVptr = 8,
  kNoteRange = 16,
  kNoteLock = 32,
};

struct StackNode {
  u64 pc_note;  // pc in bits 0..47, note in 48..55, code of the size in 56..59, offset in 60..61
  u32 parent;
  u32 next;  // in the hash chain
};

// Sizes of accesses that a site can tell, in four bits; powers of two are their logarithms. Others follow
// their entry in the history.
constexpr u8 kSizes[] = {1, 2, 4, 8, 16, 32, 64, 3, 5, 6, 7, 24, 9, 12, 10};
constexpr u32 kSizeOther = 15;
static_assert(sizeof(kSizes) == kSizeOther);

constexpr uptr SizeOfCode(u32 code) { return kSizes[code]; }
struct SizeCodes {
  u8 of[65];
};
constexpr SizeCodes MakeSizeCodes() {
  SizeCodes codes = {};
  for (u8& code : codes.of) code = kSizeOther;
  for (u32 i = 0; i < kSizeOther; i++) codes.of[kSizes[i]] = static_cast<u8>(i);
  return codes;
}
inline constexpr SizeCodes kSizeCodes = MakeSizeCodes();
constexpr u32 SizeCode(uptr size) {
  return size < sizeof(kSizeCodes.of) ? kSizeCodes.of[size] : kSizeOther;
}

constexpr u64 kPcMask = 0xFFFFFFFFFFFFull;  // of a node's pc_note

// `offset` is where in its granule the access begins: a log entry names only the granule.
constexpr u64 PackSite(uptr pc, u32 note, u32 size_code, uptr offset = 0) {
  return (pc & kPcMask) | (static_cast<u64>(note) << 48) | (static_cast<u64>(size_code) << 56) |
         ((offset & 3) << 60);
}

void InitStackTable();
StackId Child(StackId parent, u64 pc_note);
extern StackNode* stack_nodes;
inline const StackNode& NodeAt(StackId id) { return stack_nodes[id]; }
// Whether `id` is the path `parent` and then `pc_note`. Any id that was ever a StackId will do.
CSAN_ALWAYS_INLINE bool IsNode(StackId id, StackId parent, u64 pc_note) {
  const StackNode& node = stack_nodes[id];
  return node.pc_note == pc_note && node.parent == parent && id != 0;
}
u64 StacksNotKept();

}  // namespace csan
