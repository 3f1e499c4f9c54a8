// Actors that keep each other from getting on though none of them waits. livelock.cc says what exactly
// counts.
#pragma once

namespace csan::livelock {

// By the watchdog, each time it looks. True if a livelock was reported that had not been before.
bool Look();

}  // namespace csan::livelock
