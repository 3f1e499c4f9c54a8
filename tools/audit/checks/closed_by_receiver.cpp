// A channel that an actor both receives from and closes, while another sends: the sender cannot know, and
// a send on a closed channel is a panic. Silent if the closer sends as well, or has waited for the
// others before (WaitGroup, join). Misses: senders in other units.
#include "channels.h"
#include "finding.h"

namespace csan::audit {
namespace {

const ChannelUse* OtherSender(const Channel& channel, const Body* closer) {
  for (const ChannelUse& each : channel.uses) {
    if (AtOnce(ActorOf(*each.body), closer) && IsSend(each.use->operation)) return &each;
  }
  return nullptr;
}

}  // namespace

Findings CheckClosedByReceiver(const Unit& unit) {
  Findings findings;
  for (const Channel& channel : ChannelsOf(unit)) {
    for (const ChannelUse& close : channel.uses) {
      if (close.use->operation != Operation::kClose) continue;
      const Body* closer = ActorOf(*close.body);
      const auto* receive =
          FindBy(channel, closer, [](const Use& use) { return IsReceive(use.operation); });
      const bool sends =
          FindBy(channel, closer, [](const Use& use) { return IsSend(use.operation); });
      const ChannelUse* sender = OtherSender(channel, closer);
      if (receive == nullptr || sends || sender == nullptr) continue;
      if (WaitsBefore(unit, closer, close.use->at)) continue;
      const std::string name = Quote(channel.decl, "the channel");
      findings.push_back(
          {channel.decl->getNameAsString(),
           {close.use->at, close.body, "closes " + name + ", which it receives from"},
           {{receive->use->at, receive->body, "it receives here"},
            {sender->use->at, sender->body, "another sends here, perhaps later"}}});
    }
  }
  return findings;
}

}  // namespace csan::audit
