#include "Hooks.h"

#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/Support/ErrorHandling.h"

using namespace llvm;

namespace csan {

namespace {

struct HookType {
  FunctionType *Type;
  CallingConv::ID Convention;
};

HookType typeOf(LLVMContext &C, StringRef Name) {
  // The table's names for types.
  Type *const Void = Type::getVoidTy(C);
  Type *const Ptr = PointerType::get(C, 0);
  Type *const Addr = Ptr, *const Bytes = Ptr, *const ConstBytes = Ptr;
  Type *const U8 = Type::getInt8Ty(C), *const U8Ptr = Ptr;
  Type *const U16 = Type::getInt16Ty(C), *const U16Ptr = Ptr;
  Type *const U32 = Type::getInt32Ty(C), *const U32Ptr = Ptr;
  Type *const U64 = Type::getInt64Ty(C), *const U64Ptr = Ptr;
  Type *const U128 = Type::getInt128Ty(C), *const U128Ptr = Ptr;
  Type *const Int = U32, *const Order = U32, *const Size = U64;
#define CSAN_HOOK(Result, Hook, ...)                                                               \
  if (Name == #Hook)                                                                               \
    return {FunctionType::get(Result, {__VA_ARGS__}, false), CallingConv::C};
#define CSAN_COLD_HOOK(Hook, ...)                                                                  \
  if (Name == #Hook)                                                                               \
    return {FunctionType::get(Void, {__VA_ARGS__}, false), CallingConv::PreserveAll};
#include "abi/abi.def"
#undef CSAN_HOOK
#undef CSAN_COLD_HOOK
  reportFatalInternalError("csan-pass: abi.def has no hook " + Twine(Name));
}

} // namespace

FunctionCallee declareHook(Module &M, StringRef Name) {
  const HookType Hook = typeOf(M.getContext(), Name);
  FunctionCallee Callee = M.getOrInsertFunction(Name, Hook.Type);
  if (auto *F = dyn_cast<Function>(Callee.getCallee())) {
    F->setCallingConv(Hook.Convention);
    F->setDoesNotThrow();
  }
  return Callee;
}

Value *callHook(IRBuilder<> &B, StringRef Name, ArrayRef<Value *> Arguments) {
  CallInst *Call = B.CreateCall(declareHook(*B.GetInsertBlock()->getModule(), Name), Arguments);
  Call->setTailCallKind(CallInst::TCK_NoTail);
  return Call;
}

bool mayCallHooks(const Function &F) {
  return !F.isDeclaration() && !F.hasFnAttribute(Attribute::Naked) &&
         !F.hasFnAttribute(Attribute::DisableSanitizerInstrumentation) &&
         F.getLinkage() != GlobalValue::AvailableExternallyLinkage;
}

DebugLoc beginOf(const Function &F) {
  DISubprogram *SP = F.getSubprogram();
  return SP ? DebugLoc(DILocation::get(F.getContext(), SP->getLine(), 0, SP)) : DebugLoc();
}

} // namespace csan
