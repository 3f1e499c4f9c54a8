// Where freed blocks wait, first in, first out, before they are handed out again: as long as they do, a use
// after free is seen. They take a sixteenth of the heap, within bounds; the few freed last wait in any case.
#pragma once

#include "base/types.h"

namespace csan {

// In bytes.
struct QuarantineSize {
  uptr least, most;
};
void SetQuarantine(QuarantineSize size);

// Once, before anything else here.
void MapQuarantine();
// Freed blocks begin to wait. Those that they push out go back: small ones to the running actor's cache,
// large ones to the kernel.
void Quarantine(void* const* blocks, u32 count);
void LockQuarantine();
void UnlockQuarantine();

}  // namespace csan
