// The pages that the histories of all actors are made of. Given back, they wait for the next that needs one.
#pragma once

#include "trace/log_chunk.h"

namespace csan {

u64 HistoryBytes();  // mapped for the logs of all actors

namespace trace {

// Empty, in no list.
LogChunk* NewChunk(u32 form = 0);
// The same for the owner's next entries, `need` at least. A log begins with short ones, `last` is null then:
// most goroutines do little before they wait.
LogChunk* NewChunkAfter(const LogChunk* last, u32 need);
void FreeChunk(LogChunk* chunk);

}  // namespace trace
}  // namespace csan
