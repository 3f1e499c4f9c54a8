// Nesting depth of this thread inside the runtime (a field of its control block). Interceptors that
// find it non-zero call the real function and tell nothing: what the runtime does is not the
// program's doing.
#pragma once

#include "base/types.h"
#include "platform/x86_64/tcb.h"

namespace csan {

CSAN_ALWAYS_INLINE bool InRuntime() { return ReadTcb64<abi::kTlsInRuntime>() != 0; }

class RuntimeScope {
 public:
  RuntimeScope() { WriteTcb64<abi::kTlsInRuntime>(ReadTcb64<abi::kTlsInRuntime>() + 1); }
  ~RuntimeScope() { WriteTcb64<abi::kTlsInRuntime>(ReadTcb64<abi::kTlsInRuntime>() - 1); }
  RuntimeScope(const RuntimeScope&) = delete;
  RuntimeScope& operator=(const RuntimeScope&) = delete;
};

}  // namespace csan
