// What instrumented code and the runtime agree on. Included by both; needs nothing.
#pragma once

namespace csan::abi {

// Fields of the running actor, at constant offsets from the thread pointer. They lie in bytes
// 0x80..0x27f of glibc's tcbhead_t, room once kept for saved vector registers (`__glibc_unused2`),
// which every glibc since 2.23 leaves alone and keeps for compatibility; start-up checks it.
inline constexpr unsigned long kTlsEpoch = 0x80;    // u64: current shadow word, doubled
inline constexpr unsigned long kTlsShared = 0x88;   // u64: last read set we are in, doubled, or ~0
inline constexpr unsigned long kTlsStackTop = 0x90; // next free entry of the shadow stack
inline constexpr unsigned long kTlsActor = 0x98;    // the runtime's actor, 0 if none
inline constexpr unsigned long kTlsInRuntime = 0xa0;
// The actor again, or 0 while the program has asked that its accesses, its synchronisation, or either
// of the two not count.
inline constexpr unsigned long kTlsAccessor = 0xa8;
inline constexpr unsigned long kTlsOrderer = 0xb0;
inline constexpr unsigned long kTlsAtomicActor = 0xb8;
inline constexpr unsigned long kTlsOwnActor = 0xc0;   // the thread's own, whatever fiber runs
inline constexpr unsigned long kTlsContext = 0xc8;    // the stack in use, 0 for the thread's own
inline constexpr unsigned long kTlsLeft = 0xd0;       // the stack left by a switch under way
inline constexpr unsigned long kTlsSwitchTold = 0xd8; // the program has told of the next switch

// Shadow planes: the word of the granule at p lies at p + offset. The low bits differ so that the
// planes and the program's data do not fall into the same cache sets.
inline constexpr long kWriteOffset = -0x2B0000000000l + 0x5a5a1540;
inline constexpr long kReadOffset = -0x480000000000l + 0x3693ca80;

// The record that coroutines keep in their frames, three words at a multiple of 8:
//   mark: kOwnFrameMark + address of the record + 2 * address of the frame, or kPartFrameMark where the
//         frame is a part of another or of a stack; 0 once it is destroyed
//   where it is suspended: a SuspensionSite; 0 while it runs
//   where it was created: kCreatedPc + the number of a stack, 0 for none
inline constexpr unsigned long kOwnFrameMark = 0x9d3f4b1ce6a58270;
inline constexpr unsigned long kPartFrameMark = 0xc2b2ae3d27d4eb4f;
// Written by the pass, for the runtime to read.
struct SuspensionSite {
  const char *coroutine, *file;
  unsigned line, column;
  unsigned coroutine_line; // where it begins
  unsigned kind;           // kSuspension, or where it has ended kFinalSuspension
};
inline constexpr unsigned kSuspension = 0x7c5a1d00;
inline constexpr unsigned kFinalSuspension = 0x7c5a1d01;
// In the place of a return address: the rest is the address of a SuspensionSite.
inline constexpr unsigned long kSitePc = 1ul << 63;
// In the place of a return address too: the entry above is of what resumes a coroutine, and the rest is the
// number of the stack that created that. No address of a program has this bit.
inline constexpr unsigned long kCreatedPc = 1ul << 47;

// An entry of the shadow stack: return address, then the runtime's notes (the first u32 pushed as 0).
inline constexpr unsigned long kFrameSize = 16;

} // namespace csan::abi
