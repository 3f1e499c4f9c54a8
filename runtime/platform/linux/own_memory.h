// Kept by the functions of platform.h that map and unmap.
#pragma once

#include "base/types.h"
#include "platform/platform.h"

namespace csan {

// An address in kOwnWindow for a mapping of `size` bytes, which nobody else is given until it is given back;
// 0 if none is left. A place that came back is used again for the same size, or with all above it.
uptr TakePlace(uptr size);
// Of an unmapped place; others are ignored.
void GivePlace(uptr at, uptr size);

void Own(uptr at, uptr size);
// Part of what was owned, or all.
void Disown(uptr at, uptr size);

}  // namespace csan
