//===- Harmless.h - Races of the C++ library's own ------------------------===//
//
// Inlined code of libstdc++ has races that do no harm on any processor, and that its users cannot mend:
//
// - std::ctype<char>::narrow, which std::regex calls, fills a table byte by byte, whoever comes first, always
//   with the same values. Its accesses are not checked.
// - std::atomic<std::shared_ptr> and that of std::weak_ptr have a lock in the lowest bit of a word. A load
//   gives it back by a relaxed operation, so that its read of the pointer is not ordered before the next
//   store, which has taken the lock since. That operation is made to release.
//
// Told by their names, before they are inlined. What this can miss: a race with such a table that is not the
// library's doing, but a program's that writes there by other means.
//
//===----------------------------------------------------------------------===//
#ifndef CSAN_MODEL_HARMLESS_H
#define CSAN_MODEL_HARMLESS_H

#include "llvm/IR/Module.h"

namespace csan {

/// Whether the module has any.
bool excuseHarmlessRaces(llvm::Module &M);

} // namespace csan

#endif
