// Channels that a library describes; sync/channel.h says what they order, detect/channel/ what is a mistake.
#include "detect/channel/channel.h"

#include "frontend/goroutine/told.h"
#include "sync/channel.h"

namespace csan {
namespace {

// Where a value was sent: by a parked sender, where it began to wait.
StackId SenderSite(Actor* sender, uptr pc) {
  return sender == Self() ? SiteOf(sender, pc) : sender->wait.told_site;
}

}  // namespace
}  // namespace csan

using namespace csan;

extern "C" {

void __csan_chan_make(const void* channel, size_t capacity, unsigned flags) {
  Actor* const a = Listener();
  if (a == nullptr) return;
  const ChannelRules rules = {.lenient = (flags & CSAN_LENIENT) != 0,
                              .must_drain = (flags & CSAN_MUST_DRAIN) != 0,
                              .may_drop = (flags & CSAN_MAY_DROP) != 0};
  MakeChannel(AddrOf(channel), capacity, rules, {a->id, SiteOf(a, CSAN_CALLER_PC())});
}

void __csan_chan_destroy(const void* channel, size_t left) {
  if (Actor* a = Listener()) OnChannelEnd(AddrOf(channel), left, SiteOf(a, CSAN_CALLER_PC()));
}

int __csan_chan_sending(const void* channel) {
  Actor* const a = Listener();
  return a != nullptr && OnSend(AddrOf(channel), SiteOf(a, CSAN_CALLER_PC())) ? 1 : 0;
}

void __csan_chan_put(const void* channel, csan_actor sender) {
  if (Listener() == nullptr) return;
  Actor* const a = ActorOf(sender);
  PutValue(AddrOf(channel), a, SenderSite(a, CSAN_CALLER_PC()));
}

void __csan_chan_take(const void* channel, csan_actor receiver) {
  if (Listener() != nullptr) TakeValue(AddrOf(channel), ActorOf(receiver));
}

void __csan_chan_hand(const void* channel, csan_actor sender, csan_actor receiver) {
  if (Listener() == nullptr) return;
  Actor* const a = ActorOf(sender);
  HandValue(AddrOf(channel), a, ActorOf(receiver), SenderSite(a, CSAN_CALLER_PC()));
}

int __csan_chan_close(const void* channel) {
  Actor* const a = Listener();
  if (a == nullptr) return 0;
  const StackId site = SiteOf(a, CSAN_CALLER_PC());
  if (OnClose(AddrOf(channel), site)) return 1;
  LeaveClosed(AddrOf(channel), {a->id, site});
  return 0;
}

void __csan_chan_closed(const void* channel, csan_actor receiver) {
  if (Listener() != nullptr) FindClosed(AddrOf(channel), ActorOf(receiver));
}
}
