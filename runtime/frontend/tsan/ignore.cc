// Regions in which accesses or synchronisation do not count. TSan tells reads from writes no more than
// we do: the names are of older tools.
#include "frontend/tsan/region.h"

namespace {

void Accesses(bool begin) {
  if (csan::Actor* a = csan::Listener()) csan::IgnoreAccesses(a, begin);
}
void Sync(bool begin) {
  if (csan::Actor* a = csan::Listener()) csan::IgnoreSync(a, begin);
}

}  // namespace

extern "C" {
CSAN_INTERFACE void AnnotateIgnoreReadsBegin(const char*, int) { Accesses(true); }
CSAN_INTERFACE void AnnotateIgnoreReadsEnd(const char*, int) { Accesses(false); }
CSAN_INTERFACE void AnnotateIgnoreWritesBegin(const char*, int) { Accesses(true); }
CSAN_INTERFACE void AnnotateIgnoreWritesEnd(const char*, int) { Accesses(false); }
CSAN_INTERFACE void AnnotateIgnoreSyncBegin(const char*, int) { Sync(true); }
CSAN_INTERFACE void AnnotateIgnoreSyncEnd(const char*, int) { Sync(false); }
// Emitted by compilers around what they know to be harmless.
CSAN_INTERFACE void __tsan_ignore_thread_begin() { Accesses(true); }
CSAN_INTERFACE void __tsan_ignore_thread_end() { Accesses(false); }
}
