// Our own mistakes. A failed check prints one line and ends the process: it is never the user's bug.
#pragma once

namespace csan {

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition);

}  // namespace csan

#define CSAN_CHECK(c)                                                         \
  do {                                                                        \
    if (__builtin_expect(!(c), 0)) csan::CheckFailed(__FILE__, __LINE__, #c); \
  } while (0)
