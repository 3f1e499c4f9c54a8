//===- Calls.h - Tells the runtime of calls that models describe ----------===//
#ifndef CSAN_MODEL_CALLS_H
#define CSAN_MODEL_CALLS_H

#include "Matcher.h"

#include "llvm/IR/PassManager.h"

namespace csan {

/// Reads the models shipped beside the plugin and those given by name, and puts hooks around what they
/// describe. Runs first of all passes, while every call is still one.
class ModelPass : public llvm::PassInfoMixin<ModelPass> {
public:
  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &);
  static bool isRequired() { return true; }
};

} // namespace csan

#endif
