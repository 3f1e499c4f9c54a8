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

}  // namespace csan
