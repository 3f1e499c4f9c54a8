#include "sync/channel.h"

#include "platform/platform.h"
#include "sync/events.h"
#include "sync/on_behalf.h"

namespace csan {

constinit AddressTable<Channel> channels = {};

namespace {

uptr Addr(const void* at) { return reinterpret_cast<uptr>(at); }

bool Reserve(Channel* c) {
  if (c->places <= Channel::kInline) {
    c->clock = c->inline_clock;
    c->sender = c->inline_sender;
    return true;
  }
  c->clock = static_cast<u64*>(TryMap(c->places * sizeof(u64)));
  c->sender = static_cast<Deed*>(TryMap(c->places * sizeof(Deed)));
  if (c->clock != nullptr && c->sender != nullptr) return true;
  FreeParts(c);
  return false;
}

void Put(Channel* c, Actor* sender, StackId site) {
  const u64 place = c->sent++ % c->places;
  c->sender[place] = {sender->id, site};
  PassFor(sender, Addr(&c->clock[place]));
}

void Take(Channel* c, Actor* receiver) {
  PassFor(receiver, Addr(&c->clock[c->received++ % c->places]));
}

}  // namespace

void FreeParts(Channel* c) {
  if (c->places != 0) OnSyncObjectReset(Addr(c->clock), c->places * sizeof(u64));
  OnSyncObjectReset(Addr(&c->closed_clock), sizeof(u64));
  if (c->places > Channel::kInline) {
    if (c->clock != nullptr) UnmapMemory(c->clock, c->places * sizeof(u64));
    if (c->sender != nullptr) UnmapMemory(c->sender, c->places * sizeof(Deed));
  }
  c->sends.Free();
  c->places = 0;
}

void MakeChannel(uptr addr, u64 capacity, ChannelRules rules, Deed made) {
  EndChannel(addr, [](Channel*) {});  // the library did not say that it ended
  channels.With(addr, true, [&](Channel* c) {
    c->capacity = capacity;
    c->places = static_cast<u32>(capacity < kPlacesMax ? capacity : kPlacesMax);
    c->rules = rules;
    c->made = made;
    // With one place everything is in order; better than nothing.
    if (c->places != 0 && !Reserve(c)) {
      c->places = 1;
      Reserve(c);
    }
  });
}

void PutValue(uptr addr, Actor* sender, StackId site) {
  if (!UseChannel(addr, [&](Channel* c) {
        if (c->places != 0) Put(c, sender, site);
      })) {
    ReleaseFor(sender, addr);
  }
}

void TakeValue(uptr addr, Actor* receiver) {
  if (!UseChannel(addr, [&](Channel* c) {
        if (c->places != 0) Take(c, receiver);
      })) {
    AcquireFor(receiver, addr);
  }
}

void HandValue(uptr addr, Actor* sender, Actor* receiver, StackId site) {
  if (!UseChannel(addr, [&](Channel* c) {
        if (c->places == 0) {
          Meet(sender, receiver);
          return;
        }
        Put(c, sender, site);
        Take(c, receiver);
      })) {
    ReleaseFor(sender, addr);
    AcquireFor(receiver, addr);
  }
}

void LeaveClosed(uptr addr, Deed closed) {
  if (!UseChannel(addr, [&](Channel* c) {
        if (c->closed.site == 0) c->closed = closed;
        ReleaseFor(Self(), Addr(&c->closed_clock));
      })) {
    ReleaseFor(Self(), addr);
  }
}

void FindClosed(uptr addr, Actor* receiver) {
  if (!UseChannel(addr, [&](Channel* c) { AcquireFor(receiver, Addr(&c->closed_clock)); })) {
    AcquireFor(receiver, addr);
  }
}

}  // namespace csan
