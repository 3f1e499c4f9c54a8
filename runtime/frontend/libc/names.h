// Names of files: who waits for one to come, or to go, by looking again and again learns from who made or
// removed it.
//
// Edge: what makes or removes a name → a look that finds the name there, or gone, when the same thread's look
// at the same text before found otherwise. Nothing else about names orders anything: with an edge for
// every open or stat, all threads of a program that opens files would be ordered by them, and their races
// hidden. C++ and POSIX promise no such order, but the kernel keeps it, and programs rely on it. All names
// share one clock, because two texts may name the same file; so who sees a change also learns from those
// who changed other names: that may hide a race.
#pragma once

#include "base/types.h"

namespace csan {

// Before a call that makes or removes a name.
void ChangesNames();
// After a look at it. Cost: a hash of the text.
void SawName(const char* path, bool there);

}  // namespace csan
