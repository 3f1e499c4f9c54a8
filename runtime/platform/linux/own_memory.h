// Kept by the functions of platform.h that map and unmap.
#pragma once

#include "base/types.h"
#include "platform/platform.h"

namespace csan {

void Own(uptr at, uptr size);
// Part of what was owned, or all.
void Disown(uptr at, uptr size);

}  // namespace csan
