// Signals through channels, for a graceful end.
//
// Notify delivers the named signals to the channel from now on, instead of what they did before: at most as
// many as it has room for, so make one of capacity 1 or more. SIGKILL, SIGSTOP and signals of faults (SIGSEGV
// and the like) panic. StopNotify ends that for the channel; the last one of a signal restores what it did.
//
// Happens-before: nothing is ordered by a signal.
//
//     const auto stop = csan::MakeChan<int>(1);
//     csan::SignalNotify(stop, {SIGINT, SIGTERM});
//     csan::Select(csan::OnReceive(stop), csan::OnReceive(ended));
//     cancel();
//
//     const auto [until_told, forget] = csan::NotifyContext(context, {SIGTERM});
//     until_told.Done().Receive();
#pragma once

#include <csan/go/chan.h>
#include <csan/go/context.h>

#include <csignal>
#include <initializer_list>

namespace csan::inline go_v1 {

void SignalNotify(const Chan<int>& chan, std::initializer_list<int> signals);
void StopNotify(const Chan<int>& chan);

// Done when one of the signals comes, too. Cancel it, or it waits for them for ever.
CancellableContext NotifyContext(const Context& parent, std::initializer_list<int> signals);

}  // namespace csan::inline go_v1
