#include "memory/heap_cache.h"

namespace csan {

constinit HeapHooks heap_hooks = {};
constinit SpinLock shared_cache_lock;
constinit HeapCache shared_cache = {};

}  // namespace csan
