//===- CallerNames.h - Functions whose callers reports name ---------------===//
#ifndef CSAN_INSTRUMENT_CALLER_NAMES_H
#define CSAN_INSTRUMENT_CALLER_NAMES_H

#include "llvm/IR/InstrTypes.h"

namespace csan {

/// Whether the runtime, or a library of ours, names the place of the call by its return address. Such a call
/// has to come back to the place: as a jump it would name the caller's caller.
bool namesItsCaller(const llvm::CallBase &Call);

} // namespace csan

#endif
