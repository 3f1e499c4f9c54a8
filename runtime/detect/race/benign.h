// Memory whose races the program has declared harmless.
#pragma once

#include "base/types.h"

namespace csan {

// Holds until the block of heap memory that it lies in is freed.
void AddBenign(uptr addr, uptr size);
void ForgetBenign(uptr addr, uptr size);
bool IsBenign(uptr addr, uptr size);

extern bool benign_declared;

}  // namespace csan
