// Start of the shared runtime, which the loader calls as its DT_INIT. A process has one runtime: where
// the program carries the archive, the call below reaches the program's own, which has started already,
// and this one's functions stand behind, never called first and never started.
#include "platform/platform.h"

extern "C" void __tsan_init();

extern "C" void csan_start_shared(int, char** argv, char** env) {
  csan::SetStartEnvironment(argv, env);
  __tsan_init();
}
