//===- Hooks.h - Declares the runtime's hooks in a module -----------------===//
#ifndef CSAN_INSTRUMENT_HOOKS_H
#define CSAN_INSTRUMENT_HOOKS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/DebugLoc.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace csan {

/// The hook of that name in abi/abi.def, with the type and convention it has there.
llvm::FunctionCallee declareHook(llvm::Module &M, llvm::StringRef Name);

/// For hooks that take their place from where they return to: nothing may become of it but a call.
llvm::Value *callHook(llvm::IRBuilder<> &B, llvm::StringRef Name,
                      llvm::ArrayRef<llvm::Value *> Arguments);

/// Whether there is code of \p F that hooks may be put into.
bool mayCallHooks(const llvm::Function &F);

/// Where \p F begins in the source, for what has no place of its own; none without debug information.
llvm::DebugLoc beginOf(const llvm::Function &F);

} // namespace csan

#endif
