// Suppressions in ThreadSanitizer's syntax: lines "type:template", '#' starts a comment.
#pragma once

#include "base/types.h"

namespace csan {

struct Suppression {
  char type[32];
  char pattern[224];
  u32 matches;
};

// Reads a file; false with one sentence ("path:line: what") if it cannot be read or a line is broken.
bool ReadSuppressions(const char* path, char* error, uptr error_size);
// The same of text in memory, which messages call `name`.
bool ParseSuppressions(const char* text, const char* name, char* error, uptr error_size);
// The suppression of `type` whose template matches `text`, counted, or null.
Suppression* MatchSuppression(const char* type, const char* text);
u32 SuppressionCount();
const Suppression& SuppressionAt(u32 i);

}  // namespace csan
