#include "Coroutines.h"

#include "Hooks.h"
#include "abi/layout.h"

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Metadata.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace csan {

namespace {

constexpr char RecordedName[] = "csan.coroutines";
/// Called until the coroutine has been split, at each resumption: of which coroutine, and what its record
/// says of where it was created.
constexpr char ResumedName[] = "csan.coroutine.resumed";

uint64_t keyOf(StringRef Coroutine) { return xxh3_64bits(Coroutine); }

/// What of a coroutine matters here. Others than those of C++ (and Swift's) do not look like this.
struct Parts {
  IntrinsicInst *Begin = nullptr;
  IntrinsicInst *Alloc = nullptr; // false where the frame is part of the caller's
  SmallVector<IntrinsicInst *, 8> Suspends;
  SmallVector<IntrinsicInst *, 4> Frees;
  SmallVector<InvokeInst *, 4>
      Awaits; // may throw between what saves the coroutine and its suspension
};

bool isAwait(const CallBase &Call) {
  switch (Call.getIntrinsicID()) {
  case Intrinsic::coro_await_suspend_void:
  case Intrinsic::coro_await_suspend_bool:
  case Intrinsic::coro_await_suspend_handle:
    return true;
  default:
    return false;
  }
}

/// Where control goes when it is resumed and when it is destroyed: 0 and 1, while any other value leaves.
SwitchInst *afterSuspend(IntrinsicInst *Suspend) {
  auto *Switch = Suspend->hasOneUse() ? dyn_cast<SwitchInst>(Suspend->user_back()) : nullptr;
  if (!Switch)
    return nullptr;
  for (auto Case : Switch->cases())
    if (Case.getCaseSuccessor() == Switch->getDefaultDest())
      return nullptr;
  return Switch;
}

bool findParts(Function &F, Parts &P) {
  for (Instruction &I : instructions(F)) {
    if (auto *Invoke = dyn_cast<InvokeInst>(&I); Invoke && isAwait(*Invoke))
      P.Awaits.push_back(Invoke);
    auto *Call = dyn_cast<IntrinsicInst>(&I);
    if (!Call)
      continue;
    switch (Call->getIntrinsicID()) {
    case Intrinsic::coro_begin:
      if (P.Begin)
        return false;
      P.Begin = Call;
      break;
    case Intrinsic::coro_alloc:
      P.Alloc = Call;
      break;
    case Intrinsic::coro_suspend:
      if (!afterSuspend(Call))
        return false;
      P.Suspends.push_back(Call);
      break;
    case Intrinsic::coro_free:
      P.Frees.push_back(Call);
      break;
    default:
      break;
    }
  }
  return P.Begin && P.Alloc;
}

class Recorder {
public:
  explicit Recorder(Function &F)
      : F(F), M(*F.getParent()), C(F.getContext()), I64(Type::getInt64Ty(C)),
        Ptr(PointerType::get(C, 0)) {}

  bool run() {
    Parts P;
    if (!findParts(F, P))
      return false;
    IRBuilder<> Entry(&*F.getEntryBlock().getFirstInsertionPt());
    Record = Entry.CreateAlloca(ArrayType::get(I64, 3), nullptr, "csan.record");
    Record->setAlignment(Align(8));
    begin(P);
    for (IntrinsicInst *Suspend : P.Suspends) {
      auto *Save = dyn_cast<Instruction>(Suspend->getArgOperand(0));
      // Before anybody is told of it: from then on another thread may resume it.
      IRBuilder<> B(Save ? Save : Suspend);
      store(B, siteOf(*Suspend), 8);
      for (auto Case : afterSuspend(Suspend)->cases())
        resumed(Case.getCaseSuccessor());
    }
    for (InvokeInst *Await : P.Awaits)
      runs(Await->getUnwindDest());
    for (IntrinsicInst *Free : P.Frees) {
      IRBuilder<> B(Free);
      store(B, ConstantInt::get(I64, 0), 0);
    }
    return true;
  }

private:
  Function &F;
  Module &M;
  LLVMContext &C;
  Type *I64;
  PointerType *Ptr;
  AllocaInst *Record = nullptr;
  SmallPtrSet<BasicBlock *, 8> Resumed;

  void store(IRBuilder<> &B, Value *V, uint64_t Offset) {
    Value *At = Offset ? B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Record, Offset) : Record;
    B.CreateAlignedStore(V, At, Align(8))->setNoSanitizeMetadata();
  }

  void runs(BasicBlock *BB) {
    IRBuilder<> B(&*BB->getFirstInsertionPt());
    store(B, ConstantPointerNull::get(Ptr), 8);
  }

  void resumed(BasicBlock *BB) {
    if (!Resumed.insert(BB).second)
      return;
    IRBuilder<> B(&*BB->getFirstInsertionPt());
    store(B, ConstantPointerNull::get(Ptr), 8);
    LoadInst *Created =
        B.CreateAlignedLoad(I64, B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Record, 16), Align(8));
    Created->setNoSanitizeMetadata();
    FunctionCallee Callee =
        M.getOrInsertFunction(ResumedName, FunctionType::get(B.getVoidTy(), {I64, I64}, false));
    CallInst *Call = B.CreateCall(Callee, {ConstantInt::get(I64, keyOf(F.getName())), Created});
    Call->setDoesNotThrow();
    Call->setMemoryEffects(MemoryEffects::inaccessibleMemOnly());
    Call->setDebugLoc(beginOf(F));
  }

  /// The mark ties the record to its own address and its frame's, so that no copy passes for one. Its
  /// address escapes by it; where the frame is part of another, it does not, and may vanish.
  void begin(const Parts &P) {
    IRBuilder<> B(P.Begin->getNextNode());
    Value *Frame = B.CreatePtrToInt(P.Begin, I64);
    Value *Own = B.CreateAdd(B.CreatePtrToInt(Record, I64), B.CreateShl(Frame, 1));
    Own = B.CreateAdd(Own, ConstantInt::get(I64, abi::kOwnFrameMark));
    store(B, B.CreateSelect(P.Alloc, Own, ConstantInt::get(I64, abi::kPartFrameMark)), 0);
    store(B, ConstantPointerNull::get(Ptr), 8);
    B.SetCurrentDebugLocation(beginOf(F));
    // Reads what no other code here can see, so where nobody resumes it by its frame the call goes.
    auto *Created = cast<CallInst>(callHook(B, "__csan_coroutine_created", {}));
    Created->setMemoryEffects(MemoryEffects::inaccessibleMemOnly(ModRefInfo::Ref));
    Created->addFnAttr(Attribute::WillReturn);
    Created->addFnAttr(Attribute::NoUnwind);
    store(B, Created, 16);
  }

  Constant *text(StringRef S) {
    return IRBuilder<>(C).CreateGlobalString(S, "csan.coroutine.text", /*AddressSpace=*/0, &M);
  }

  static std::string pathOf(const DIFile *File) {
    SmallString<128> Path = File->getFilename();
    if (!sys::path::is_absolute(Path)) {
      Path = File->getDirectory();
      sys::path::append(Path, File->getFilename());
    }
    sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    return std::string(Path);
  }

  /// An abi::SuspensionSite.
  Constant *siteOf(const IntrinsicInst &Suspend) {
    const DISubprogram *SP = F.getSubprogram();
    const DILocation *L = Suspend.getDebugLoc().get();
    const bool Final = cast<ConstantInt>(Suspend.getArgOperand(1))->isOne();
    const StringRef Linkage = SP ? SP->getLinkageName() : StringRef();
    const std::string Name = demangle((Linkage.empty() ? F.getName() : Linkage).str());
    const DIFile *File = L ? L->getFile() : nullptr;
    Type *const I32 = Type::getInt32Ty(C);
    auto Number = [&](uint64_t N) { return ConstantInt::get(I32, N); };
    Constant *Site = ConstantStruct::getAnon(
        {text(Name), text(File ? pathOf(File) : ""), Number(L ? L->getLine() : 0),
         Number(L ? L->getColumn() : 0), Number(SP ? SP->getLine() : 0),
         Number(Final ? abi::kFinalSuspension : abi::kSuspension)});
    return new GlobalVariable(M, Site->getType(), /*isConstant=*/true, GlobalValue::PrivateLinkage,
                              Site, "csan.coroutine.site");
  }
};

} // namespace

bool recordFrames(Module &M) {
  bool Any = false;
  for (Function &F : M)
    if (F.isPresplitCoroutine() && F.hasFnAttribute(Attribute::SanitizeThread))
      Any |= Recorder(F).run();
  if (Any)
    M.getOrInsertNamedMetadata(RecordedName);
  return Any;
}

SmallVector<Resumption, 4> takeResumptions(Function &F) {
  const Function *Resumed = F.getParent()->getFunction(ResumedName);
  SmallVector<Resumption, 4> Own;
  if (!Resumed)
    return Own;
  StringRef Coroutine = F.getName();
  const bool Part = Coroutine.consume_back(".resume") || Coroutine.consume_back(".destroy") ||
                    Coroutine.consume_back(".cleanup");
  SmallVector<CallInst *, 8> Calls, Others;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallInst>(&I); Call && Call->getCalledFunction() == Resumed) {
      const uint64_t Key = cast<ConstantInt>(Call->getArgOperand(0))->getZExtValue();
      if (Part && Key == keyOf(Coroutine))
        Calls.push_back(Call);
      else
        Others.push_back(Call);
    }
  for (CallInst *Call : Others) {
    Value *Created = Call->getArgOperand(1);
    Call->eraseFromParent();
    RecursivelyDeleteTriviallyDeadInstructions(Created);
  }
  // From the last one, as the next instruction may be another.
  for (CallInst *Call : reverse(Calls)) {
    Own.push_back({Call->getNextNode(), Call->getArgOperand(1)});
    Call->eraseFromParent();
  }
  return Own;
}

bool hasRecordedFrames(const Module &M) { return M.getNamedMetadata(RecordedName) != nullptr; }

} // namespace csan
