// What an actor remembers of the graph: the sets that it has held and the requests that it has made, so that
// a nested acquisition asks nobody. Direct-mapped; a lost line costs a locked probe.
#pragma once

#include "base/types.h"
#include "detect/lock_order/held_set.h"
#include "sync/events.h"

namespace csan::lock_order {

struct SetLine {
  uptr addr;
  HeldSetId parent;
  HeldSetId set;
  LockMode mode;
};

struct AskLine {
  uptr addr;
  HeldSetId held;
  u32 request;  // 0: there is nothing to ask
  u32 serial;
  u32 epoch;    // of the place that is stored
  u32 version;  // of what the actor knew there firmly
  u32 asked;    // how often while its request has been a candidate's
  u32 repeats;  // since the line was made
  LockMode mode;
};

struct Memo {
  static constexpr u32 kSets = 64;
  static constexpr u32 kAsks = 128;
  u32 actor;  // whose it is now
  SetLine sets[kSets];
  AskLine asks[kAsks];

  static u64 Hash(uptr addr, u32 set) {
    return (addr ^ static_cast<u64>(set) << 44) * 0x9E3779B97F4A7C15ull;
  }
  SetLine& SetFor(uptr addr, HeldSetId parent) { return sets[Hash(addr, parent) >> 58]; }
  AskLine& AskFor(uptr addr, HeldSetId held) { return asks[Hash(addr, held) >> 57]; }
};

}  // namespace csan::lock_order
