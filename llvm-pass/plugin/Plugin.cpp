//===- Plugin.cpp - Registers the pass ------------------------------------===//
//
// Models are applied first, while every call is still one. The rest
// runs last in the optimiser, so that only what is left of the program is checked, and before
// link-time optimisation, never in it: linkers need not know of the plugin, and each object is checked
// once. The driver has clang mark the functions to be checked with sanitize_thread; what ignore lists
// and attributes exclude is not marked.
//
// Coroutines are checked when they are split into a function that starts them and functions that resume
// and destroy them: each of these is called and returns, so that the shadow stack is balanced whatever
// thread resumes. Before a thin link clang leaves the splitting to the linker; then it is done here. What is
// known only before the split is put into them first of all (instrument/Coroutines.h).
//
//===----------------------------------------------------------------------===//
#include "../instrument/Coroutines.h"
#include "../instrument/Hooks.h"
#include "../instrument/Instrumenter.h"
#include "../model/Calls.h"
#include "../model/Harmless.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Plugins/PassPlugin.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Transforms/Coroutines/CoroSplit.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace {

// clang cannot tell a pass that it writes bitcode without -flto, so the driver does.
cl::opt<bool> WritesBitcode("csan-writes-bitcode", cl::Hidden,
                            cl::desc("What is instrumented will be optimised again"));

constexpr char DoneFlag[] = "csan.instrumented";
constexpr char ConstructorName[] = "csan.module_ctor";
// The driver looks for these in objects and bitcode (tools/driver/uninstrumented.cpp).
constexpr char MarkerName[] = "csan.compiled";
constexpr char MarkerSection[] = ".csan.compiled";

bool isCandidate(const Function &F) {
  return csan::mayCallHooks(F) && !F.isPresplitCoroutine() && !F.getName().starts_with("__csan_") &&
         F.getName() != ConstructorName;
}

bool hasFence(const Module &M) {
  for (const Function &F : M)
    for (const Instruction &I : instructions(F))
      if (auto *Fence = dyn_cast<FenceInst>(&I))
        if (Fence->getSyncScopeID() != SyncScope::SingleThread)
          return true;
  return false;
}

/// Tells the runtime that this module is instrumented, and starts it where nothing else did.
void addConstructor(Module &M, bool Fences) {
  LLVMContext &C = M.getContext();
  FunctionType *T = FunctionType::get(Type::getVoidTy(C), false);
  // Internal, one in each object: a module of several objects may mix some with fences and without.
  Function *Ctor = Function::Create(T, GlobalValue::InternalLinkage, ConstructorName, M);
  Ctor->addFnAttr(Attribute::NoUnwind);
  Ctor->addFnAttr(Attribute::DisableSanitizerInstrumentation);
  IRBuilder<> B(BasicBlock::Create(C, "", Ctor));
  B.CreateCall(csan::declareHook(M, "__csan_init"));
  if (Fences)
    B.CreateCall(csan::declareHook(M, "__csan_uses_fence"));
  if (csan::hasRecordedFrames(M))
    B.CreateCall(csan::declareHook(M, "__csan_uses_coroutines"));
  B.CreateRetVoid();
  appendToGlobalCtors(M, Ctor, /*Priority=*/0);
}

/// Each object says that it was compiled by us, also one without functions; linkers drop the section.
void addMarker(Module &M) {
  if (M.getNamedValue(MarkerName))
    return;
  LLVMContext &C = M.getContext();
  auto *Marker = new GlobalVariable(M, Type::getInt8Ty(C), true, GlobalValue::InternalLinkage,
                                    ConstantInt::get(Type::getInt8Ty(C), 1), MarkerName);
  Marker->setSection(MarkerSection);
  Marker->setMetadata(LLVMContext::MD_exclude, MDNode::get(C, {}));
  appendToCompilerUsed(M, {Marker});
}

/// A second time, TSan's pass would warn that it has been here.
void forgetSecondTime(Module &M) {
  NamedMDNode *Flags = M.getModuleFlagsMetadata();
  SmallVector<MDNode *, 16> Kept;
  for (MDNode *Flag : Flags->operands())
    if (cast<MDString>(Flag->getOperand(1))->getString() != "nosanitize_thread")
      Kept.push_back(Flag);
  Flags->clearOperands();
  for (MDNode *Flag : Kept)
    Flags->addOperand(Flag);
}

struct CsanPass : PassInfoMixin<CsanPass> {
  explicit CsanPass(bool Optimised = false) : Optimised(Optimised || WritesBitcode) {}
  static bool isRequired() { return true; }

  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    addMarker(M);
    // A .bc file may be compiled a second time, and -ffat-lto-objects compiles twice.
    if (M.getModuleFlag(DoneFlag)) {
      forgetSecondTime(M);
      return PreservedAnalyses::all();
    }
    bool Any = false;
    bool Fences = hasFence(M);
    SmallVector<Function *, 64> Candidates;
    for (Function &F : M) {
      if (isCandidate(F))
        Candidates.push_back(&F);
      else
        csan::takeResumptions(F);
    }
    for (Function *F : Candidates) {
      bool Checked = F->hasFnAttribute(Attribute::SanitizeThread);
      Any |= Checked;
    }
    if (!Any)
      return PreservedAnalyses::all();
    for (Function *F : Candidates)
      csan::Instrumenter(*F, F->hasFnAttribute(Attribute::SanitizeThread), Optimised).run();
    addConstructor(M, Fences);
    M.addModuleFlag(Module::Override, DoneFlag, 1);
    return PreservedAnalyses::none();
  }

private:
  bool Optimised;
};

struct ExcuseHarmlessRaces : PassInfoMixin<ExcuseHarmlessRaces> {
  static bool isRequired() { return true; }

  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    return csan::excuseHarmlessRaces(M) ? PreservedAnalyses::none() : PreservedAnalyses::all();
  }
};

struct RecordFrames : PassInfoMixin<RecordFrames> {
  static bool isRequired() { return true; }

  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    return csan::recordFrames(M) ? PreservedAnalyses::none() : PreservedAnalyses::all();
  }
};

bool hasUnsplit(const Module &M) {
  return any_of(M, [](const Function &F) { return !F.isDeclaration() && F.isPresplitCoroutine(); });
}

struct SplitCoroutines : PassInfoMixin<SplitCoroutines> {
  static bool isRequired() { return true; }

  PreservedAnalyses run(Module &M, ModuleAnalysisManager &AM) {
    if (!hasUnsplit(M))
      return PreservedAnalyses::all();
    return createModuleToPostOrderCGSCCPassAdaptor(CoroSplitPass(/*OptimizeFrame=*/true))
        .run(M, AM);
  }
};

} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK __attribute__((visibility("default"))) PassPluginLibraryInfo
llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "csan", "1", [](PassBuilder &PB) {
            PB.registerPipelineStartEPCallback([](ModulePassManager &MPM, OptimizationLevel) {
              MPM.addPass(csan::ModelPass());
              MPM.addPass(ExcuseHarmlessRaces());
              MPM.addPass(RecordFrames());
            });
            PB.registerOptimizerLastEPCallback(
                [](ModulePassManager &MPM, OptimizationLevel, ThinOrFullLTOPhase Phase) {
                  if (Phase == ThinOrFullLTOPhase::ThinLTOPreLink)
                    MPM.addPass(SplitCoroutines());
                  const bool PreLink = Phase == ThinOrFullLTOPhase::ThinLTOPreLink ||
                                       Phase == ThinOrFullLTOPhase::FullLTOPreLink;
                  if (PreLink || Phase == ThinOrFullLTOPhase::None)
                    MPM.addPass(CsanPass(PreLink));
                });
            PB.registerPipelineParsingCallback(
                [](StringRef Name, ModulePassManager &MPM, ArrayRef<PassBuilder::PipelineElement>) {
                  if (Name == "csan")
                    MPM.addPass(CsanPass());
                  else if (Name == "csan-model")
                    MPM.addPass(csan::ModelPass());
                  else
                    return false;
                  return true;
                });
          }};
}
