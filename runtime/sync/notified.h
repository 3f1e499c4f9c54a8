// What is known of a condition variable that has been notified: whether any of its notifications found
// somebody waiting, and if none did, where the last one was.
//
// Of conditions that share a place only the later is known (last_at.h). What was at the same address before
// may be taken for it where nobody tells of the end: only the words of a report about a hang depend on it.
// Cost: one load and one store for a notification, a site for an unseen one.
#pragma once

#include "base/types.h"
#include "sync/last_at.h"

namespace csan {

// The running actor notifies the condition; `seen` if somebody may be waiting at it.
void NoteNotified(uptr condition, bool seen, uptr pc);
void ForgetNotified(uptr condition);

// The last notification, if nobody waited at this one and all those before. False if not.
bool FindUnseen(uptr condition, ActorSite* found);

}  // namespace csan
