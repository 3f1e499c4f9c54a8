// The shadow stack, without calls: a function that calls others pushes its return address with an
// empty note and pops it on each way out. Unwinding and longjmp do not pop, so whoever catches
// puts the value back that it had pushed to. What resumes a coroutine has another entry below its own, which
// says where that was created: at the same place however often it is come by, and both are popped at once.
#include "Instrumenter.h"

#include "CallerNames.h"
#include "Hooks.h"
#include "abi/layout.h"

#include "llvm/IR/InstIterator.h"

using namespace llvm;

namespace csan {

namespace {

/// The call whose frame takes this one's place: the last thing before the return, marked as a tail
/// call. Popped before it, so that it can remain a jump.
CallInst *siblingCall(ReturnInst *Return) {
  BasicBlock *BB = Return->getParent();
  if (CallInst *Must = BB->getTerminatingMustTailCall())
    return Must;
  auto *Call = dyn_cast_or_null<CallInst>(Return->getPrevNode());
  if (!Call || !Call->isTailCall() || isa<IntrinsicInst>(Call))
    return nullptr;
  Value *Result = Return->getReturnValue();
  return !Result || Result == Call ? Call : nullptr;
}

/// A call whose place reports name stays a call, and has its frame.
void keepPlaces(Function &F) {
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallInst>(&I); Call && Call->isTailCall() && !Call->isMustTailCall())
      if (namesItsCaller(*Call))
        Call->setTailCallKind(CallInst::TCK_NoTail);
}

} // namespace

void Instrumenter::emitShadowStack(ArrayRef<Resumption> Resumptions) {
  keepPlaces(F);
  BasicBlock &Entry = F.getEntryBlock();
  IRBuilder<> B(&*Entry.getFirstNonPHIOrDbgOrAlloca());
  const DebugLoc Start = beginOf(F);
  B.SetCurrentDebugLocation(Start);
  Value *Caller = B.CreateIntrinsic(Ptr, Intrinsic::returnaddress, {B.getInt32(0)});
  Value *Top = tlsField(B, abi::kTlsStackTop, Ptr);
  const auto push = [&](IRBuilder<> &At, Value *Entry, Value *Pc) {
    At.CreateAlignedStore(Pc, Entry, Align(8))->setNoSanitizeMetadata();
    At.CreateAlignedStore(ConstantInt::get(I32, 0), At.CreateConstGEP1_64(I8, Entry, 8), Align(8))
        ->setNoSanitizeMetadata();
  };
  push(B, Top, Caller);
  Value *Pushed = B.CreateConstGEP1_64(I8, Top, abi::kFrameSize);
  setTlsField(B, abi::kTlsStackTop, Pushed);

  SmallVector<Instruction *, 8> Exits;
  SmallVector<Instruction *, 8> Catches;
  AllocaInst *Saved = nullptr;
  for (BasicBlock &BB : F) {
    Instruction *T = BB.getTerminator();
    if (auto *Return = dyn_cast<ReturnInst>(T)) {
      CallInst *Sibling = siblingCall(Return);
      Exits.push_back(Sibling ? static_cast<Instruction *>(Sibling) : Return);
    } else if (isa<ResumeInst>(T)) {
      Exits.push_back(T);
    }
    if (BB.isLandingPad())
      Catches.push_back(&*BB.getFirstInsertionPt());
    for (Instruction &I : BB)
      if (auto *Call = dyn_cast<CallInst>(&I); Call && Call->canReturnTwice())
        Catches.push_back(Call->getNextNode());
  }
  if (!Catches.empty()) {
    // In memory and volatile: setjmp may return with registers of another time.
    IRBuilder<> E(&Entry, Entry.begin());
    Saved = E.CreateAlloca(Ptr);
    StoreInst *Save = B.CreateStore(Pushed, Saved, /*isVolatile=*/true);
    Save->setNoSanitizeMetadata();
  }
  for (const Resumption &R : Resumptions) {
    IRBuilder<> X(R.At);
    push(X, Top, R.Created);
    push(X, Pushed, Caller);
    Value *Both = X.CreateConstGEP1_64(I8, Pushed, abi::kFrameSize);
    setTlsField(X, abi::kTlsStackTop, Both);
    if (Saved)
      X.CreateStore(Both, Saved, /*isVolatile=*/true)->setNoSanitizeMetadata();
  }
  for (Instruction *At : Catches) {
    IRBuilder<> X(At);
    LoadInst *Value = X.CreateLoad(Ptr, Saved, /*isVolatile=*/true);
    Value->setNoSanitizeMetadata();
    setTlsField(X, abi::kTlsStackTop, Value);
  }
  for (Instruction *At : Exits) {
    IRBuilder<> X(At);
    if (!Resumptions.empty()) {
      setTlsField(X, abi::kTlsStackTop, Top);
      continue;
    }
    Value *Now = tlsField(X, abi::kTlsStackTop, Ptr);
    setTlsField(X, abi::kTlsStackTop, X.CreateConstGEP1_64(I8, Now, -(uint64_t)abi::kFrameSize));
  }
}

} // namespace csan
