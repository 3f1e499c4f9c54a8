// Channels: who sent, who received, who closed, and the order that this makes (The Go Memory Model).
//
// A buffer of n places has n clocks. The k-th send and the k-th receive both use the clock of place k mod n,
// one after the other, learning what is there and leaving all that they know: so a send is before its
// receive, and the k-th receive before the completion of the (k + n)-th send; nothing else is ordered. Over
// kPlacesMax some places share a clock, which orders more than there is, so may hide a race and invents none.
// Without a buffer sender and receiver learn from each other. Closing leaves a clock for those who find the
// channel closed. An address that nobody said to be a channel orders all sends before all later receives.
// Cost: 200 bytes a channel, and 200 a place that was used.
#pragma once

#include "actor/actor.h"
#include "base/types.h"
#include "sync/marks.h"
#include "sync/table.h"

namespace csan {

constexpr u64 kPlacesMax = 1 << 16;

// What an actor did to an object, for reports.
struct Deed {
  u32 actor;
  StackId site;  // 0: nobody did
};

// What its library says of it, as in <csan/annotate.h>.
struct ChannelRules {
  bool lenient, must_drain, may_drop;
};

struct Channel {
  static constexpr u32 kInline = 4;
  uptr addr;
  Channel* next;
  u64 capacity;
  u64 sent, received;
  u32 places;  // clocks of the buffer
  ChannelRules rules;
  Deed made, closed;
  u64* clock;    // of each place; their addresses name the clocks
  Deed* sender;  // of the value in each place
  u64 inline_clock[kInline];
  Deed inline_sender[kInline];
  u64 closed_clock;
  Marks sends;  // attempts
};

void MakeChannel(uptr addr, u64 capacity, ChannelRules rules, Deed made);
// Calls use(channel) first. False if the address is none.
template <typename Use>
bool EndChannel(uptr addr, Use use);
template <typename Use>
bool UseChannel(uptr addr, Use use);

// `site` is where the value was sent. The lock that keeps `sender` parked is held.
void PutValue(uptr addr, Actor* sender, StackId site);
void TakeValue(uptr addr, Actor* receiver);
void HandValue(uptr addr, Actor* sender, Actor* receiver, StackId site);
// The running actor closes.
void LeaveClosed(uptr addr, Deed closed);
void FindClosed(uptr addr, Actor* receiver);

// ---- Inside

extern AddressTable<Channel> channels;
void FreeParts(Channel* channel);

template <typename Use>
bool EndChannel(uptr addr, Use use) {
  return channels.Remove(addr, [&](Channel* c) {
    use(c);
    FreeParts(c);
  });
}
template <typename Use>
bool UseChannel(uptr addr, Use use) {
  return channels.With(addr, false, use);
}

}  // namespace csan
