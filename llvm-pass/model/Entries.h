//===- Entries.h - Tells the runtime that a modelled function begins ------===//
#ifndef CSAN_MODEL_ENTRIES_H
#define CSAN_MODEL_ENTRIES_H

#include "Model.h"

#include "llvm/IR/Function.h"

namespace csan {

/// Puts what the rule says at the begin of \p F. False if it does not fit the function.
bool tellEntry(llvm::Function &F, const Rule &R);

} // namespace csan

#endif
