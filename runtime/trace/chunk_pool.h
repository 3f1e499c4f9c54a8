// The pages that the histories of all actors are made of. Given back, they wait for the next that needs one.
#pragma once

#include "trace/log_chunk.h"

namespace csan {

u64 HistoryBytes();  // mapped for the logs of all actors

namespace trace {

// Empty, in no list.
LogChunk* NewChunk();
// For the beginning of a log: most goroutines do little before they wait.
LogChunk* NewShortChunk();
void FreeChunk(LogChunk* chunk);

}  // namespace trace
}  // namespace csan
