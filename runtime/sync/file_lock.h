// Where locks of files were taken (flock, fcntl), for reports; the kernel says which of them are held.
//
// By descriptor; of descriptors that share a place only the last is known (last_at.h).
// Cost: a site and two stores for a lock.
#pragma once

#include "base/types.h"
#include "sync/last_at.h"

namespace csan {

// The running actor has taken a lock of the file by this descriptor, or given it back.
void NoteFileLocked(int fd, uptr pc);
void NoteFileUnlocked(int fd);
// Descriptors are on their way to another process, which may give back the locks that they have.
void NoteDescriptorsPassed();
bool DescriptorsWerePassed();

// False if it is not known.
bool FindFileLocked(int fd, ActorSite* found);

}  // namespace csan
