//===- Hooks.h - Declares the runtime's hooks in a module -----------------===//
#ifndef CSAN_INSTRUMENT_HOOKS_H
#define CSAN_INSTRUMENT_HOOKS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"

namespace csan {

/// The hook of that name in abi/abi.def, with the type and convention it has there.
llvm::FunctionCallee declareHook(llvm::Module &M, llvm::StringRef Name);

} // namespace csan

#endif
