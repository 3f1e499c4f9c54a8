// Channels and who does what with them, through the functions that they are passed to.
#pragma once

#include <vector>

#include "facts.h"

namespace csan::audit {

struct ChannelUse {
  const Use* use;
  const Body* body;
};

struct Channel {
  const clang::ValueDecl* decl = nullptr;  // a variable or a field, no parameter
  std::vector<ChannelUse> uses;
  bool known = false;  // the unit shows all that is ever done with it

  bool Has(Operation operation) const;
};

std::vector<Channel> ChannelsOf(const Unit& unit);

bool IsSend(Operation operation);     // also one that does not wait
bool IsReceive(Operation operation);  // also a range

// The first use by `actor` of which `test` is true; null if there is none.
template <typename Test>
const ChannelUse* FindBy(const Channel& channel, const Body* actor, Test test) {
  for (const ChannelUse& each : channel.uses) {
    if (ActorOf(*each.body) == actor && test(*each.use)) return &each;
  }
  return nullptr;
}
// Whether one runs while the other does, as far as is known.
bool AtOnce(const Body* one, const Body* other);
// Whether `actor` waits for others (WaitGroup, join) before `place`, as far as order in the source says.
bool WaitsBefore(const Unit& unit, const Body* actor, const clang::Stmt* place);
// Whether an if, a switch or Once decides about a use.
bool IsConditional(const ChannelUse& use);
// Whether `actor` is started in a loop around which the channel lives.
bool IsStartedOften(const Body& actor, const Channel& channel, const Unit& unit);

}  // namespace csan::audit
