#include "frontend/real.h"

#include <dlfcn.h>

#include "base/format.h"
#include "platform/platform.h"

namespace csan {

void* RealSymbol(const char* name, const char* version) {
  RuntimeScope scope;
  void* found = version != nullptr ? dlvsym(RTLD_NEXT, name, version) : dlsym(RTLD_NEXT, name);
  if (found == nullptr) found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) {
    Line<256> text;
    text.Str("the C library has no '").Str(name).Str("', which this program calls.");
    Die(text.data());
  }
  return found;
}

// Whether the process's libraries call our functions and not those behind them.
void CheckStandsInFront() {
  const char* at = static_cast<const char*>(dlsym(RTLD_DEFAULT, "pthread_create"));
  if (at >= __start_csan_text && at < __stop_csan_text) return;
  Die("the program's libraries do not see CSan's functions. Start a program that is not "
      "instrumented "
      "itself with LD_PRELOAD=libclang_rt.concurrency-x86_64.so (its full path); link one that is "
      "without hiding the runtime's symbols by -Wl,--version-script or -Wl,--exclude-libs.");
}

}  // namespace csan
