// What formatted output reads, and formatted input writes, by its arguments. A format that numbers its
// arguments or has a conversion unknown here is followed no further: that can only miss.
#pragma once

#include <stdarg.h>

#include "frontend/libc/caller.h"

namespace csan {

// The strings of %s, as far as they are printed, and the number of %n. Before the call; leaves `list`.
void PrintsArguments(const Caller& caller, const char* format, va_list list);

// What the first `count` conversions were stored in. After the call, with a copy of its list. `gnu`: %a
// before s or [ allocates, as in the functions of before C99.
void StoresArguments(const Caller& caller, const char* format, int count, bool gnu, va_list list);

}  // namespace csan
