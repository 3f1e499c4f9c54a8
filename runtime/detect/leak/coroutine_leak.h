// Frames of C++20 coroutines that are suspended for ever. coroutine_leak.cc tells how.
#pragma once

#include "base/types.h"
#include "detect/leak/reach.h"

namespace csan {

// Whether an object of the program has coroutines. False in fork children: what only a thread of the parent
// had in its registers is lost there.
bool LooksForCoroutines();
void ForgetCoroutines();
// When the program begins to exit, once: before static objects are destroyed, which may know of frames.
void ReportCoroutinesAtExit();

namespace leak {

struct LostFrames;

// With the heap locked; null without memory.
LostFrames* OpenLostFrames();
// While the world stands still, when everything that can run has been followed.
void FindLostFrames(LostFrames* lost, Reach* reach);
// Afterwards, with nothing locked; gives back the memory.
void ReportLostFrames(LostFrames* lost);
void CloseLostFrames(LostFrames* lost);

}  // namespace leak
}  // namespace csan
