// Around a call that a model describes stand __csan_model_begin and __csan_model_end; an exception ends it
// too, as one that did not happen, so a call that may throw becomes an invoke. What is inlined later stays
// between the two: they are calls that the optimiser knows nothing of.
//
// Not seen: calls through pointers and virtual ones, unless the function itself tells (Entries.h), and
// musttail calls, after which nothing can be told.
#include "Calls.h"
#include "Entries.h"

#include "../instrument/Hooks.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Local.h"
#include <dlfcn.h>

using namespace llvm;

namespace csan {

namespace {

cl::list<std::string> ModelFiles("csan-model", cl::Hidden, cl::desc("Models beside those shipped"));

constexpr char DoneFlag[] = "csan.modelled";

/// The installed tree has the models at a fixed place from the plugin's.
std::string shippedModels() {
  Dl_info Info;
  if (dladdr(reinterpret_cast<void *>(&shippedModels), &Info) == 0)
    return "";
  SmallString<256> Folder(Info.dli_fname);
  sys::path::remove_filename(Folder);
  sys::path::append(Folder, "..", "share", "csan", "models");
  return std::string(Folder);
}

std::vector<std::string> modelFiles() {
  std::vector<std::string> Files;
  std::error_code Error;
  for (sys::fs::directory_iterator At(shippedModels(), Error), End; At != End && !Error;
       At.increment(Error))
    if (sys::path::extension(At->path()) == ".yaml")
      Files.push_back(At->path());
  sort(Files);
  Files.insert(Files.end(), ModelFiles.begin(), ModelFiles.end());
  return Files;
}

std::vector<Rule> readModels(LLVMContext &C) {
  std::vector<Rule> All;
  for (const std::string &File : modelFiles()) {
    std::string Error;
    std::vector<Rule> Rules = readModel(File, Error);
    if (!Error.empty())
      C.emitError(Error);
    All.insert(All.end(), std::make_move_iterator(Rules.begin()),
               std::make_move_iterator(Rules.end()));
  }
  return All;
}

/// A rule at a call.
struct Use {
  const Rule *R;
  Value *Code;
  Value *Object; // null if it is the result
  Value *Number;
  Value *Left = nullptr;  // who switches
  Value *Cases = nullptr; // of a select, whose object is an array
};

class CallTeller {
public:
  CallTeller(CallBase *Call, ArrayRef<const Rule *> Rules)
      : Call(Call), Rules(Rules), F(*Call->getFunction()), M(*F.getParent()) {}

  void tell() {
    SmallVector<Use, 2> Uses;
    for (const Rule *R : Rules)
      if (std::optional<Use> U = begin(*R))
        Uses.push_back(*U);
    if (Uses.empty())
      return;
    catchExceptions();
    if (auto *Invoke = dyn_cast<InvokeInst>(Call)) {
      endAt(SplitEdge(Invoke->getParent(), Invoke->getNormalDest())->getFirstNonPHIIt(), Uses,
            false);
      endAt(ownLandingPad(*Invoke)->getFirstInsertionPt(), Uses, true);
    } else {
      endAt(std::next(Call->getIterator()), Uses, false);
    }
  }

private:
  CallBase *Call;
  ArrayRef<const Rule *> Rules;
  Function &F;
  Module &M;

  void moveTo(IRBuilder<> &B, BasicBlock::iterator At) const {
    B.SetInsertPoint(At->getParent(), At);
    B.SetCurrentDebugLocation(location());
  }

  DebugLoc location() const {
    DebugLoc L = Call->getDebugLoc();
    return L ? L : beginOf(F);
  }

  /// Of the argument among all that are passed; the call may have fewer.
  unsigned position(int Index) const { return Index + (Call->hasStructRetAttr() ? 1 : 0); }

  /// Null if the call has no such pointer. Not for the result.
  Value *argument(IRBuilder<> &B, const Argument &A) const {
    unsigned At = position(A.Index);
    if (At >= Call->arg_size() || !Call->getArgOperand(At)->getType()->isPointerTy())
      return nullptr;
    Value *V = Call->getArgOperand(At);
    return A.Indirect ? B.CreateLoad(B.getPtrTy(), V) : V;
  }

  unsigned codeOf(const Rule &R) const {
    return static_cast<unsigned>(R.Op) | (R.ChecksInside ? 0 : abi::kInsideIgnored) |
           (R.Lenient ? abi::kLenient : 0) | (R.MustDrain ? abi::kMustDrain : 0) |
           (R.MayDrop ? abi::kMayDrop : 0) | (R.FibersHold ? abi::kFibersHold : 0) |
           (Call->use_empty() ? abi::kResultUnused : 0);
  }

  Value *number(IRBuilder<> &B, const Rule &R) const {
    unsigned At = R.Number ? position(R.Number->Index) : ~0u;
    if (At >= Call->arg_size() || !Call->getArgOperand(At)->getType()->isIntegerTy())
      return B.getInt64(-1);
    return B.CreateSExtOrTrunc(Call->getArgOperand(At), B.getInt64Ty());
  }

  /// The pointers to what a select waits for, on the stack; null if the call lacks one.
  Value *arrayOf(IRBuilder<> &B, ArrayRef<Argument> Objects) const {
    IRBuilder<> Entry(&F.getEntryBlock(), F.getEntryBlock().begin());
    ArrayType *const Type = ArrayType::get(B.getPtrTy(), Objects.size());
    AllocaInst *const Array = Entry.CreateAlloca(Type, nullptr, "csan.cases");
    for (unsigned I = 0; I < Objects.size(); ++I) {
      Value *const Object = argument(B, Objects[I]);
      if (!Object)
        return nullptr;
      B.CreateStore(Object, B.CreateConstInBoundsGEP2_64(Type, Array, 0, I))
          ->setNoSanitizeMetadata();
    }
    return Array;
  }

  static uint64_t casesOf(const Rule &R) {
    uint64_t Bits = 0;
    for (unsigned I = 0; I < abi::kCasesMax && !R.Cases.empty(); ++I)
      Bits |= uint64_t(R.Cases[I % R.Cases.size()]) << (I * abi::kCaseBits);
    return Bits;
  }

  std::optional<Use> beginSelect(IRBuilder<> &B, const Rule &R) const {
    if (!Call->getType()->isIntegerTy())
      return std::nullopt;
    const bool Listed = !R.Objects.empty();
    Value *Array = nullptr;
    if (Listed)
      Array = arrayOf(B, R.Objects);
    else if (R.Object)
      Array = argument(B, *R.Object);
    if (!Array)
      return std::nullopt;
    Use U{&R, B.getInt32(codeOf(R)), Array, Listed ? B.getInt64(R.Objects.size()) : number(B, R)};
    U.Cases = B.getInt64(casesOf(R));
    callHook(B, "__csan_model_select", {U.Code, U.Object, U.Number, U.Cases});
    return U;
  }

  void endSelect(IRBuilder<> &B, const Use &U, bool Unwound) const {
    Value *const None = B.getInt32(-1);
    Value *Which = None;
    if (!Unwound)
      Which = B.CreateSelect(holds(B, U.R->When, true), B.CreateSExtOrTrunc(Call, B.getInt32Ty()),
                             None);
    callHook(B, "__csan_model_selected", {U.Code, U.Object, U.Number, U.Cases, Which});
  }

  /// Nothing if the rule does not fit the call.
  std::optional<Use> begin(const Rule &R) const {
    IRBuilder<> B(F.getContext());
    moveTo(B, Call->getIterator());
    if (R.Op == abi::Operation::kSelect || R.Op == abi::Operation::kTrySelect)
      return beginSelect(B, R);
    Value *const Null = ConstantPointerNull::get(B.getPtrTy());
    Use U{&R, B.getInt32(codeOf(R)), Null, number(B, R)};
    if (R.Object && R.Object->Index == Argument::Result) {
      if (!Call->getType()->isPointerTy())
        return std::nullopt;
      U.Object = nullptr;
    } else if (R.Object) {
      U.Object = argument(B, *R.Object);
      if (!U.Object)
        return std::nullopt;
    }
    checkReferences(B, R.Reads, "__csan_range_read");
    if (R.Op == abi::Operation::kSwitch) {
      U.Left = callHook(B, "__csan_model_leave", {U.Object ? U.Object : Null});
      return U;
    }
    callHook(B, "__csan_model_begin", {U.Code, U.Object ? U.Object : Null, U.Number});
    return U;
  }

  /// As far as the program says how large what is referred to is.
  void checkReferences(IRBuilder<> &B, ArrayRef<int> Indices, StringRef Hook) const {
    if (!F.hasFnAttribute(Attribute::SanitizeThread))
      return;
    for (int Index : Indices) {
      unsigned At = position(Index);
      if (At >= Call->arg_size())
        continue;
      if (uint64_t Size = Call->getParamDereferenceableBytes(At))
        callHook(B, Hook, {Call->getArgOperand(At), B.getInt64(Size)});
    }
  }

  bool mayThrow() const {
    return isa<CallInst>(Call) && !Call->doesNotThrow() && !F.doesNotThrow();
  }

  Constant *personality() const {
    if (F.hasPersonalityFn())
      return F.getPersonalityFn();
    const bool Cxx = F.getName().starts_with("_Z") || M.getFunction("__gxx_personality_v0");
    FunctionType *T = FunctionType::get(Type::getInt32Ty(M.getContext()), true);
    return cast<Constant>(
        M.getOrInsertFunction(Cxx ? "__gxx_personality_v0" : "__gcc_personality_v0", T)
            .getCallee());
  }

  void catchExceptions() {
    if (!mayThrow())
      return;
    if (!F.hasPersonalityFn())
      F.setPersonalityFn(personality());
    LLVMContext &C = F.getContext();
    BasicBlock *Pad = BasicBlock::Create(C, "csan.unwound", &F);
    IRBuilder<> B(Pad);
    B.SetCurrentDebugLocation(location());
    LandingPadInst *Landed =
        B.CreateLandingPad(StructType::get(PointerType::get(C, 0), Type::getInt32Ty(C)), 0);
    Landed->setCleanup(true);
    B.CreateResume(Landed);
    BasicBlock *Before = Call->getParent();
    changeToInvokeAndSplitBasicBlock(cast<CallInst>(Call), Pad);
    Call = cast<InvokeInst>(Before->getTerminator());
  }

  /// Other invokes may share it.
  static BasicBlock *ownLandingPad(InvokeInst &Invoke) {
    BasicBlock *Pad = Invoke.getUnwindDest();
    if (Pad->getSinglePredecessor())
      return Pad;
    SmallVector<BasicBlock *, 2> New;
    SplitLandingPadPredecessors(Pad, {Invoke.getParent()}, ".csan", ".others", New);
    return New.front();
  }

  void endAt(BasicBlock::iterator At, ArrayRef<Use> Uses, bool Unwound) const {
    IRBuilder<> B(F.getContext());
    moveTo(B, At);
    Value *const Null = ConstantPointerNull::get(B.getPtrTy());
    for (const Use &U : reverse(Uses)) {
      if (U.Cases) {
        endSelect(B, U, Unwound);
      } else if (U.Left) {
        callHook(B, "__csan_model_return", {U.Left});
      } else {
        Value *Object = U.Object ? U.Object : Unwound ? Null : Call;
        Value *Outcome = Unwound ? B.getInt32(abi::kNotDone) : outcome(B, *U.R);
        callHook(B, "__csan_model_end", {U.Code, Object, U.Number, Outcome});
      }
      if (!Unwound)
        checkReferences(B, U.R->Writes, "__csan_range_write");
    }
  }

  Value *outcome(IRBuilder<> &B, const Rule &R) const {
    Value *Done = B.getInt32(abi::kDone), *NotDone = B.getInt32(abi::kNotDone);
    Value *Else = B.CreateSelect(holds(B, R.Closed, false), B.getInt32(abi::kClosed), NotDone);
    return B.CreateSelect(holds(B, R.When, true), Done, Else);
  }

  /// Whether the result is as the condition says.
  Value *holds(IRBuilder<> &B, const std::optional<Condition> &C, bool Without) const {
    Value *Result = Call;
    if (!C || !(Result->getType()->isIntegerTy() || Result->getType()->isPointerTy()))
      return B.getInt1(Without);
    if (Result->getType()->isPointerTy())
      Result = B.CreatePtrToInt(Result, B.getInt64Ty());
    Value *Wanted = ConstantInt::getSigned(Result->getType(), C->Value, /*ImplicitTrunc=*/true);
    return B.CreateICmp(C->Relation, Result, Wanted);
  }
};

struct Described {
  CallBase *Call;
  SmallVector<const Rule *, 2> Rules;
};

/// Takes those of the function's entry out of the rules.
bool tellEntries(Function &F, SmallVectorImpl<const Rule *> &Rules) {
  bool Told = false;
  for (const Rule *R : Rules)
    if (R->AtEntry && mayCallHooks(F))
      Told |= tellEntry(F, *R);
  erase_if(Rules, [](const Rule *R) { return R->AtEntry; });
  return Told;
}

SmallVector<Described, 32> describedCalls(Module &M, const Matcher &Models, bool &Changed) {
  SmallVector<Described, 32> Calls;
  for (Function &Callee : M) {
    if ((Callee.use_empty() && Callee.isDeclaration()) || Callee.isIntrinsic())
      continue;
    SmallVector<const Rule *, 2> Rules = Models.rulesOf(Callee.getName());
    Changed |= tellEntries(Callee, Rules);
    if (Rules.empty())
      continue;
    for (User *U : Callee.users()) {
      auto *Call = dyn_cast<CallBase>(U);
      if (Call && Call->getCalledFunction() == &Callee && mayCallHooks(*Call->getFunction()) &&
          !Call->isMustTailCall() && !isa<CallBrInst>(Call))
        Calls.push_back({Call, Rules});
    }
  }
  return Calls;
}

} // namespace

PreservedAnalyses ModelPass::run(Module &M, ModuleAnalysisManager &) {
  if (M.getModuleFlag(DoneFlag))
    return PreservedAnalyses::all();
  const Matcher Models(readModels(M.getContext()));
  bool Changed = false;
  SmallVector<Described, 32> Calls = describedCalls(M, Models, Changed);
  for (const Described &One : Calls)
    CallTeller(One.Call, One.Rules).tell();
  if (Calls.empty() && !Changed)
    return PreservedAnalyses::all();
  M.addModuleFlag(Module::Override, DoneFlag, 1);
  return PreservedAnalyses::none();
}

} // namespace csan
