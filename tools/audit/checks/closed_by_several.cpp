// A channel that several actors close, or that one of several senders closes without having waited for the
// others. A close that an if or Once decides about is taken to be the only one. Misses: closers and
// senders in other units, and in functions of which it is not known who runs them.
#include "channels.h"
#include "finding.h"

namespace csan::audit {
namespace {

Found Tell(const Channel& channel, const ChannelUse& close, const std::string& what, Place other) {
  return {channel.decl->getNameAsString(),
          {close.use->at, close.body, "closes " + Quote(channel.decl, "the channel") + what},
          {std::move(other)}};
}

// A close that others race with, with the first reason found.
bool FindRival(const Unit& unit, const Channel& channel, const ChannelUse& close,
               Findings* findings) {
  const Body* closer = ActorOf(*close.body);
  const bool often = IsStartedOften(*closer, channel, unit);
  if (often) {
    const Spawn& spawn = *closer->spawned_by.front();
    findings->push_back(Tell(channel, close, ", and so does each other one of its kind",
                             {spawn.at, spawn.in, "they are started here"}));
    return true;
  }
  for (const ChannelUse& other : channel.uses) {
    const bool closes = other.use->operation == Operation::kClose && !IsConditional(other);
    if (!closes || !AtOnce(ActorOf(*other.body), closer)) continue;
    findings->push_back(Tell(channel, close, ", which another closes as well",
                             {other.use->at, other.body, "closed here"}));
    return true;
  }
  if (WaitsBefore(unit, closer, close.use->at)) return false;
  const bool sends = FindBy(channel, closer, [](const Use& use) { return IsSend(use.operation); });
  for (const ChannelUse& other : channel.uses) {
    if (!sends || !IsSend(other.use->operation) || !AtOnce(ActorOf(*other.body), closer)) continue;
    findings->push_back(Tell(channel, close, " while another may still send",
                             {other.use->at, other.body, "the other sends here"}));
    return true;
  }
  return false;
}

}  // namespace

Findings CheckClosedBySeveral(const Unit& unit) {
  Findings findings;
  for (const Channel& channel : ChannelsOf(unit)) {
    for (const ChannelUse& close : channel.uses) {
      if (close.use->operation != Operation::kClose || IsConditional(close)) continue;
      if (FindRival(unit, channel, close, &findings)) break;
    }
  }
  return findings;
}

}  // namespace csan::audit
