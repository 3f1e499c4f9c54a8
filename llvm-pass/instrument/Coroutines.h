//===- Coroutines.h - What the runtime can see of a coroutine's frame -----===//
//
// Before coroutines are split, each is given a record in its frame (abi/layout.h): whose frame it is in,
// where it is suspended, if it is, and where it was created. A look for leaks finds frames by it; what
// resumes or destroys one pushes where it was created on the shadow stack, for reports. Nothing is
// registered: the price is 24 bytes of each frame, a call when it is created, a store at each suspension
// and some at each resumption, none of which remains where the optimiser keeps the whole frame in
// registers, and nothing for an access.
//
//===----------------------------------------------------------------------===//
#ifndef CSAN_INSTRUMENT_COROUTINES_H
#define CSAN_INSTRUMENT_COROUTINES_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Module.h"

namespace csan {

/// Whether a record was put into any coroutine of the module.
bool recordFrames(llvm::Module &M);

/// A resumption in what a coroutine was split into.
struct Resumption {
  llvm::Instruction *At; // before it
  llvm::Value *Created;
};
/// Those that \p F, if it resumes or destroys a coroutine, makes of that one, taken out of it. Of others that
/// were inlined into it nothing is kept: they are part of the frame that has created them.
llvm::SmallVector<Resumption, 4> takeResumptions(llvm::Function &F);

/// Whether that was done, in this module or one linked into it.
bool hasRecordedFrames(const llvm::Module &M);

} // namespace csan

#endif
