// Channels used against their rules. channel.cc says why none of the findings accuses a correct program.
#pragma once

#include "actor/actor.h"
#include "base/types.h"

namespace csan {

// The running actor tries to send, from `site`. True if the channel is closed.
bool OnSend(uptr channel, StackId site);
// It was told that the channel is closed, and the program does not look at what it was told.
void OnLostSend(uptr channel, StackId site);
// The running actor closes. True if it must not: the channel is nil or closed.
bool OnClose(uptr channel, StackId site);
// The channel ends with `left` values in it.
void OnChannelEnd(uptr channel, u64 left, StackId site);
// The running actor begins to wait for any of the cases.
void OnChannelWait(const WaitCase* cases, u32 count, StackId site);

}  // namespace csan
