// Findings about channels, with the places of all who took part.
//
// send-on-closed, double-close: the library says so under the channel's lock, and the channel was told
// closed under the same lock. close-of-nil, nil-channel-block: there is no object; a select that has other
// cases is left alone, and so is one without any, which is how a program waits for ever on purpose.
// channel-unread: the library says how many values are left, and the channel was closed or is marked
// must-drain (an open one that is abandoned is garbage, as in Go).
// close-send-race: each attempt to send leaves its epoch (sync/marks.h); closing looks for one that the
// closer does not know of. Nothing orders the two, so another schedule closes first and the send fails:
// found even if this one was lucky. It cannot accuse a program whose order is told: a closer that waited for
// its senders, by whatever orders, knows what they did. Channels whose library answers a send on a closed
// one with an error (lenient) have none of these but channel-unread, and send-on-closed where the program
// does not look at the error. Both are a note, possible-loss, if the library lets a program close a channel
// in order to drop what it holds and what comes later (may drop): nothing tells that from a mistake.
// Missed: what kMarksMax concurrent senders overwrite. Cost: a probe for each attempt to send; a look
// through the marks for each close.
#include "detect/channel/channel.h"

#include "actor/scope.h"
#include "base/format.h"
#include "config/flags.h"
#include "detect/channel/deed.h"
#include "sync/channel.h"

namespace csan {
namespace {

struct State {
  Deed made, closed, other;
  ChannelRules rules;
};

State StateOf(const Channel& c) { return {c.made, c.closed, {}, c.rules}; }

void Report(FindingKind kind, const char* does, uptr channel, StackId site, const State& state,
            const char* other, const char* why) {
  if (!flags().report_channel_bugs) return;
  RuntimeScope scope;
  Finding* f = BeginFinding();
  f->kind = kind;
  AddStep(f, Self()->id, does, channel, site);
  AddDeed(f, "closed it", state.closed);
  AddDeed(f, other, state.other);
  AddDeed(f, "made it", state.made);
  Text(f->why, sizeof(f->why)).Str(why);
  SubmitFinding(f);
}

}  // namespace

bool OnSend(uptr channel, StackId site) {
  State state = {};
  UseChannel(channel, [&](Channel* c) {
    state = StateOf(*c);
    if (state.closed.site == 0 && !c->rules.lenient) c->sends.Put(Self(), site);
  });
  if (state.closed.site == 0) return false;
  if (!state.rules.lenient) {
    Report(FindingKind::kSendOnClosed, "sends on the channel", channel, site, state, "",
           "the channel is closed: whoever sends must know that nobody has closed it.");
  }
  return true;
}

void OnLostSend(uptr channel, StackId site) {
  State state = {};
  UseChannel(channel, [&](Channel* c) { state = StateOf(*c); });
  if (state.closed.site == 0) return;
  const FindingKind kind =
      state.rules.may_drop ? FindingKind::kPossibleLoss : FindingKind::kSendOnClosed;
  Report(kind, "sends on the channel", channel, site, state, "",
         "the channel is closed, and nobody looks at what the call says of it: the value is lost.");
}

bool OnClose(uptr channel, StackId site) {
  State state = {};
  if (channel == 0) {
    Report(FindingKind::kCloseOfNil, "closes a nil channel", 0, site, state, "",
           "the channel was never made.");
    return true;
  }
  UseChannel(channel, [&](Channel* c) {
    state = StateOf(*c);
    const Mark* send = c->rules.lenient ? nullptr : c->sends.Unknown(Self());
    if (send != nullptr) state.other = {send->actor, send->site};
  });
  if (state.closed.site != 0) {
    if (!state.rules.lenient) {
      Report(FindingKind::kDoubleClose, "closes the channel", channel, site, state, "",
             "it is closed already: a channel has one closer.");
    }
    return true;
  }
  if (state.other.site != 0) {
    Report(FindingKind::kCloseSendRace, "closes the channel", channel, site, state,
           "sends, or tries to",
           "nothing orders the send before the close: in another run the channel is closed first "
           "and the send fails.");
  }
  return false;
}

void OnChannelEnd(uptr channel, u64 left, StackId site) {
  State state = {};
  bool lost = false;
  EndChannel(channel, [&](Channel* c) {
    state = StateOf(*c);
    lost = left != 0 && (c->closed.site != 0 || c->rules.must_drain);
    if (lost && c->places != 0) state.other = c->sender[c->received % c->places];
  });
  if (!lost) return;
  Line<96> does;
  does.Str("ends the channel with ").Dec(left);
  does.Str(left == 1 ? " value in it" : " values in it");
  const bool on_purpose = state.rules.may_drop && !state.rules.must_drain;
  Report(on_purpose ? FindingKind::kPossibleLoss : FindingKind::kChannelUnread, does.data(),
         channel, site, state, "sent the first of them",
         "nobody received what was sent: it is lost.");
}

void OnChannelWait(const WaitCase* cases, u32 count, StackId site) {
  if (count == 0) return;
  for (u32 i = 0; i < count; i++) {
    if (cases[i].object != 0 || !cases[i].ForChannel()) return;
  }
  Report(FindingKind::kNilChannel, "waits for a channel that is nil", 0, site, {}, "",
         "nobody can ever send to it or receive from it, so this waits for ever.");
}

}  // namespace csan
