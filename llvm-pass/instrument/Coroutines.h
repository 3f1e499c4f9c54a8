//===- Coroutines.h - What the runtime can see of a coroutine's frame -----===//
//
// Before coroutines are split, each is given a record in its frame (abi/layout.h): whose frame it is in,
// and where it is suspended, if it is. A look for leaks finds frames by it. Nothing is called and nothing is
// registered: the price is 16 bytes of each frame and a store at each suspension and each resumption, none
// of which remains where the optimiser keeps the whole frame in registers.
//
//===----------------------------------------------------------------------===//
#ifndef CSAN_INSTRUMENT_COROUTINES_H
#define CSAN_INSTRUMENT_COROUTINES_H

#include "llvm/IR/Module.h"

namespace csan {

/// Whether a record was put into any coroutine of the module.
bool recordFrames(llvm::Module &M);

/// Whether that was done, in this module or one linked into it.
bool hasRecordedFrames(const llvm::Module &M);

} // namespace csan

#endif
