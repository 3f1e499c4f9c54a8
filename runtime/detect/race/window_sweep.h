// Takes words out of the shadow that would soon mean later epochs (clock/window.h).
//
// Those that every actor knows can race with nothing; others are lost, and counted. The program goes on
// meanwhile: a thread that has read such a word a moment ago may put it back, into a list of readers, so
// there are two passes with a pause between, and only then do the windows move. Cost: a look at all words
// and cells that are in use, on the watchdog's thread, once in 30 million epochs; that thread is there as
// soon as there are epochs (actor/waiting.h).
#pragma once

#include "base/types.h"
#include "shadow/word.h"

namespace csan::race {

// Words that are kept elsewhere: to be given up if they are old.
extern void (*sweep_others)(bool (*is_old)(Word));

// By the watchdog, each time it looks: one pass, if one is due.
void MoveWindows();

u64 WindowMoves();  // of many slots at once
u64 WordsSwept();   // that some actor did not know

}  // namespace csan::race
