#include "Instrumenter.h"

#include "Hooks.h"
#include "abi/layout.h"

#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace csan {

namespace {

constexpr unsigned FsSegment = 257; // x86-64: addresses relative to %fs

DebugLoc locationOf(Instruction *I) {
  if (DebugLoc L = I->getDebugLoc(); L && L.getLine() != 0)
    return L;
  // Line 0 hides where the access is: the next located instruction of the block, or the function.
  for (Instruction *N = I->getNextNode(); N; N = N->getNextNode())
    if (DebugLoc L = N->getDebugLoc(); L && L.getLine() != 0)
      return L;
  for (Instruction *N = I->getPrevNode(); N; N = N->getPrevNode())
    if (DebugLoc L = N->getDebugLoc(); L && L.getLine() != 0)
      return L;
  return beginOf(*I->getFunction());
}

MDNode *unlikely(LLVMContext &C) { return MDBuilder(C).createUnlikelyBranchWeights(); }

Instruction *markOurs(Instruction *I) {
  I->setNoSanitizeMetadata();
  return I;
}

} // namespace

Instrumenter::Instrumenter(Function &F, bool Checked, bool Optimised)
    : F(F), M(*F.getParent()), C(F.getContext()), DL(F.getDataLayout()), Checked(Checked),
      Optimised(Optimised), I8(Type::getInt8Ty(C)), I32(Type::getInt32Ty(C)),
      I64(Type::getInt64Ty(C)), Void(Type::getVoidTy(C)), Ptr(PointerType::get(C, 0)) {}

// A constant address in the %fs segment: never materialised, so always that of the running thread.
Value *Instrumenter::tlsField(IRBuilder<> &B, uint64_t Offset, Type *T) {
  Value *P = ConstantExpr::getIntToPtr(B.getInt64(Offset), PointerType::get(C, FsSegment));
  return markOurs(B.CreateAlignedLoad(T, P, Align(8)));
}

void Instrumenter::setTlsField(IRBuilder<> &B, uint64_t Offset, Value *V) {
  Value *P = ConstantExpr::getIntToPtr(B.getInt64(Offset), PointerType::get(C, FsSegment));
  markOurs(B.CreateAlignedStore(V, P, Align(8)));
}

Value *Instrumenter::shadowLoad(IRBuilder<> &B, Value *P, int64_t Offset, Type *T) {
  // Out of the bounds of P's object, which only code generation takes as it is.
  Value *At = Optimised
                  ? B.CreateIntToPtr(
                        B.CreateAdd(B.CreatePtrToInt(P, I64), B.getInt64((uint64_t)Offset)), Ptr)
                  : B.CreateConstGEP1_64(I8, P, (uint64_t)Offset);
  return markOurs(B.CreateAlignedLoad(T, At, Align(4)));
}

void Instrumenter::callCold(IRBuilder<> &B, const Check &K, Value *P) {
  bool Power = isPowerOf2_64(K.Size) && K.Size <= 16;
  std::string Name =
      (Twine("__csan_") + (K.IsWrite ? "write" : "read") + (Power ? Twine(K.Size) : Twine("_n")))
          .str();
  SmallVector<Value *, 2> Args = {P};
  if (!Power)
    Args.push_back(B.getInt64(K.Size));
  CallInst *Call = B.CreateCall(declareHook(M, Name), Args);
  Call->setCallingConv(CallingConv::PreserveAll);
  Call->setDoesNotThrow();
  Call->setDebugLoc(locationOf(K.At));
}

void Instrumenter::emitCheck(const Check &K) {
  IRBuilder<> B(K.At);
  B.SetCurrentDebugLocation(locationOf(K.At));
  Value *P = K.Offset ? B.CreateConstGEP1_64(I8, K.Base, (uint64_t)K.Offset) : K.Base;
  Align Known = std::max(K.Alignment, P->getPointerAlignment(DL));
  if (K.Size < 4 && (K.Size == 1 || Known >= Align(2)))
    return emitSubWordCheck(K, P);
  if (Known >= Align(4) && (K.Size == 4 || (K.Size % 8 == 0 && K.Size <= 64)))
    return emitWordCheck(K, P);
  if (isPowerOf2_64(K.Size) && K.Size <= 16)
    return emitUnalignedCheck(K, P);
  // Has an odd size: the call looks itself whether anything is new.
  if (K.Size <= 16) {
    callCold(B, K, P);
    return;
  }
  CallInst *Call =
      B.CreateCall(declareHook(M, K.IsWrite ? "__csan_range_write" : "__csan_range_read"),
                   {P, B.getInt64(K.Size)});
  Call->setDebugLoc(locationOf(K.At));
}

// cmp shadow(p), epoch; jne cold. In the cold part a read also accepts the reader set that holds us, and
// bytes that this epoch has written: a write leaves no mark in the read plane.
void Instrumenter::emitWordCheck(const Check &K, Value *P) {
  IRBuilder<> B(K.At);
  B.SetCurrentDebugLocation(locationOf(K.At));
  Type *WordT = K.Size == 4 ? I32 : I64;
  auto LoadWords = [&](IRBuilder<> &X, int64_t Plane) {
    SmallVector<Value *, 8> Words;
    for (uint64_t D = 0; D < K.Size; D += K.Size == 4 ? 4 : 8)
      Words.push_back(shadowLoad(X, P, Plane + (int64_t)D, WordT));
    return Words;
  };
  auto Differs = [&](IRBuilder<> &X, ArrayRef<Value *> Words, Value *Wanted) -> Value * {
    if (Words.size() == 1)
      return X.CreateICmpNE(Words[0], Wanted);
    Value *All = nullptr;
    for (Value *W : Words) {
      Value *D = X.CreateXor(W, Wanted);
      All = All ? X.CreateOr(All, D) : D;
    }
    return X.CreateICmpNE(All, ConstantInt::get(WordT, 0));
  };
  const auto Words = LoadWords(B, K.IsWrite ? abi::kWriteOffset : abi::kReadOffset);
  Value *Miss = Differs(B, Words, tlsField(B, abi::kTlsEpoch, WordT));
  Instruction *Then = SplitBlockAndInsertIfThen(Miss, K.At, false, unlikely(C));
  IRBuilder<> X(Then);
  auto Also = [&](Value *Condition) {
    Then = SplitBlockAndInsertIfThen(Condition, Then, false);
    X.SetInsertPoint(Then);
    X.SetCurrentDebugLocation(locationOf(K.At));
  };
  X.SetCurrentDebugLocation(locationOf(K.At));
  if (!K.IsWrite) {
    Also(Differs(X, Words, tlsField(X, abi::kTlsShared, WordT)));
    Also(Differs(X, LoadWords(X, abi::kWriteOffset), tlsField(X, abi::kTlsEpoch, WordT)));
  }
  Check Part = K;
  if (K.Size > 16) {
    CallInst *Call = X.CreateCall(declareHook(M, K.IsWrite ? "__csan_write_n" : "__csan_read_n"),
                                  {P, X.getInt64(K.Size)});
    Call->setCallingConv(CallingConv::PreserveAll);
    Call->setDebugLoc(locationOf(K.At));
    return;
  }
  callCold(X, Part, P);
}

// May begin and end within granules: the words from the first to the last, two loads of one or two each (of
// 16 bytes, three), if they hold nothing but this epoch. The call looks for all else.
void Instrumenter::emitUnalignedCheck(const Check &K, Value *P) {
  IRBuilder<> B(K.At);
  B.SetCurrentDebugLocation(locationOf(K.At));
  const int64_t Plane = K.IsWrite ? abi::kWriteOffset : abi::kReadOffset;
  const int64_t Wide = K.Size < 8 ? 4 : 8;
  Type *WordT = Wide == 4 ? I32 : I64;
  Value *Mask = B.getInt64(~3ull);
  Value *First = B.CreateIntrinsic(Intrinsic::ptrmask, {Ptr, I64}, {P, Mask});
  Value *End = B.CreateConstGEP1_64(I8, P, (int64_t)K.Size - 1);
  Value *Last = B.CreateIntrinsic(Intrinsic::ptrmask, {Ptr, I64}, {End, Mask});
  Value *Epoch = tlsField(B, abi::kTlsEpoch, WordT);
  Value *Other = B.CreateXor(shadowLoad(B, Last, Plane + 4 - Wide, WordT), Epoch);
  for (int64_t D = 0; D < std::max<int64_t>((int64_t)K.Size - 4, 1); D += 8)
    Other = B.CreateOr(Other, B.CreateXor(shadowLoad(B, First, Plane + D, WordT), Epoch));
  Value *Miss = B.CreateICmpNE(Other, ConstantInt::get(WordT, 0));
  IRBuilder<> X(SplitBlockAndInsertIfThen(Miss, K.At, false, unlikely(C)));
  X.SetCurrentDebugLocation(locationOf(K.At));
  callCold(X, K, P);
}

// One or two bytes of a granule: the whole word, or in the cold part only its own mask bits.
void Instrumenter::emitSubWordCheck(const Check &K, Value *P) {
  IRBuilder<> B(K.At);
  B.SetCurrentDebugLocation(locationOf(K.At));
  const int64_t Plane = K.IsWrite ? abi::kWriteOffset : abi::kReadOffset;
  Value *Granule = B.CreateIntrinsic(Intrinsic::ptrmask, {Ptr, I64}, {P, B.getInt64(~3ull)});
  Value *Word = shadowLoad(B, Granule, Plane, I32);
  Value *Epoch = tlsField(B, abi::kTlsEpoch, I32);
  Instruction *Then =
      SplitBlockAndInsertIfThen(B.CreateICmpNE(Word, Epoch), K.At, false, unlikely(C));
  IRBuilder<> X(Then);
  X.SetCurrentDebugLocation(locationOf(K.At));
  Value *Shift = X.CreateAnd(X.CreatePtrToInt(P, I32), 3);
  Value *Bits = X.CreateOr(X.CreateShl(X.getInt32(K.Size == 1 ? 1 : 3), Shift), 0xFFFFFFF0u);
  // With one actor the epoch is 0 and has no mask bits, so only the whole word counts: 0 has been
  // tested above, and any other word differs above bit 3.
  auto Misses = [&](Value *W) {
    return X.CreateICmpNE(X.CreateAnd(X.CreateXor(W, Epoch), Bits), X.getInt32(0));
  };
  auto Also = [&](Value *Condition) {
    Then = SplitBlockAndInsertIfThen(Condition, Then, false);
    X.SetInsertPoint(Then);
    X.SetCurrentDebugLocation(locationOf(K.At));
  };
  Value *Miss = Misses(Word);
  if (!K.IsWrite)
    Miss = X.CreateAnd(Miss, X.CreateICmpNE(Word, tlsField(X, abi::kTlsShared, I32)));
  Also(Miss);
  if (!K.IsWrite)
    Also(Misses(shadowLoad(X, Granule, abi::kWriteOffset, I32)));
  callCold(X, K, P);
}

void Instrumenter::emitVtable(Instruction *I) {
  IRBuilder<> B(I);
  B.SetCurrentDebugLocation(locationOf(I));
  if (auto *Store = dyn_cast<StoreInst>(I)) {
    Value *V = Store->getValueOperand();
    if (!V->getType()->isPointerTy())
      return emitCheck({I, Store->getPointerOperand(), 0, 8, Store->getAlign(), true});
    // The hot test is the plain one; the hook looks whether the value changes.
    Value *P = Store->getPointerOperand();
    Value *Word = shadowLoad(B, P, abi::kWriteOffset, I64);
    Value *Miss = B.CreateICmpNE(Word, tlsField(B, abi::kTlsEpoch, I64));
    IRBuilder<> X(SplitBlockAndInsertIfThen(Miss, I, false, unlikely(C)));
    CallInst *Call = X.CreateCall(declareHook(M, "__csan_vptr_update"), {P, V});
    Call->setCallingConv(CallingConv::PreserveAll);
    Call->setDebugLoc(locationOf(I));
    return;
  }
  Value *P = cast<LoadInst>(I)->getPointerOperand();
  Value *Word = shadowLoad(B, P, abi::kReadOffset, I64);
  Value *Miss = B.CreateICmpNE(Word, tlsField(B, abi::kTlsEpoch, I64));
  IRBuilder<> X(SplitBlockAndInsertIfThen(Miss, I, false, unlikely(C)));
  CallInst *Call = X.CreateCall(declareHook(M, "__csan_vptr_read"), {P});
  Call->setCallingConv(CallingConv::PreserveAll);
  Call->setDebugLoc(locationOf(I));
}

// The library function would check the ranges itself, if it can be told that its caller is one of ours;
// the hook knows. Short constant lengths become a few instructions, which are checked like any.
bool Instrumenter::replaceMemIntrinsic(MemIntrinsic *I) {
  auto *Length = dyn_cast<ConstantInt>(I->getLength());
  const bool Inline = I->getIntrinsicID() == Intrinsic::memcpy_inline ||
                      I->getIntrinsicID() == Intrinsic::memset_inline;
  if (Inline || (Length && Length->getZExtValue() <= 128) || I->getDestAddressSpace() != 0)
    return false;
  auto *Transfer = dyn_cast<MemTransferInst>(I);
  if (Transfer && Transfer->getSourceAddressSpace() != 0)
    return false;
  IRBuilder<> B(I);
  B.SetCurrentDebugLocation(locationOf(I));
  Value *N = B.CreateZExtOrTrunc(I->getLength(), I64);
  if (Transfer)
    B.CreateCall(declareHook(M, isa<MemMoveInst>(I) ? "__csan_memmove" : "__csan_memcpy"),
                 {I->getRawDest(), Transfer->getRawSource(), N});
  else
    B.CreateCall(declareHook(M, "__csan_memset"),
                 {I->getRawDest(), B.CreateZExt(cast<MemSetInst>(I)->getValue(), I32), N});
  I->eraseFromParent();
  return true;
}

void Instrumenter::emitMemIntrinsic(MemIntrinsic *I) {
  if (replaceMemIntrinsic(I))
    return;
  auto Emit = [&](Value *P, MaybeAlign A, bool IsWrite) {
    if (isLocalOrConstant(P))
      return;
    if (auto *Length = dyn_cast<ConstantInt>(I->getLength()))
      if (uint64_t N = Length->getZExtValue();
          N == 1 || N == 2 || N == 4 || (N % 8 == 0 && N <= 64 && N != 0)) {
        emitCheck({I, P, 0, N, A.valueOrOne(), IsWrite});
        return;
      }
    IRBuilder<> B(I);
    Value *N = B.CreateZExtOrTrunc(I->getLength(), I64);
    CallInst *Call =
        B.CreateCall(declareHook(M, IsWrite ? "__csan_range_write" : "__csan_range_read"), {P, N});
    Call->setDebugLoc(locationOf(I));
  };
  if (auto *Transfer = dyn_cast<MemTransferInst>(I))
    Emit(Transfer->getSource(), Transfer->getSourceAlign(), false);
  Emit(I->getDest(), I->getDestAlign(), true);
}

void Instrumenter::emitMaskedLanes(IntrinsicInst *I, Value *Pointers, Value *Mask,
                                   FixedVectorType *T, bool IsWrite, bool Packed) {
  // Only the lanes whose mask bit is set certainly execute: each is checked under its own bit.
  uint64_t Size = DL.getTypeStoreSize(T->getElementType()).getFixedValue();
  Instruction *At = I;
  IRBuilder<> B(At);
  Value *Packing = Packed ? ConstantInt::get(I64, 0) : nullptr;
  for (unsigned Lane = 0; Lane < T->getNumElements(); ++Lane) {
    IRBuilder<> L(At);
    L.SetCurrentDebugLocation(locationOf(I));
    Value *Bit = L.CreateExtractElement(Mask, Lane);
    Value *P;
    if (Pointers->getType()->isVectorTy())
      P = L.CreateExtractElement(Pointers, Lane);
    else if (Packed)
      P = L.CreateGEP(T->getElementType(), Pointers, Packing);
    else
      P = L.CreateConstGEP1_64(T->getElementType(), Pointers, Lane);
    if (Packed)
      Packing = L.CreateAdd(Packing, L.CreateZExt(Bit, I64));
    Instruction *Then = SplitBlockAndInsertIfThen(Bit, At, false);
    IRBuilder<> X(Then);
    callCold(X, {I, P, 0, Size, Align(1), IsWrite}, P);
  }
}

void Instrumenter::emitMasked(IntrinsicInst *I) {
  bool IsWrite = I->getType()->isVoidTy();
  Type *T = IsWrite ? I->getArgOperand(0)->getType() : I->getType();
  auto *Vector = dyn_cast<FixedVectorType>(T);
  if (!Vector)
    return; // scalable vectors do not exist on x86-64
  Value *Pointers = I->getArgOperand(IsWrite ? 1 : 0);
  bool Packed = I->getIntrinsicID() == Intrinsic::masked_expandload ||
                I->getIntrinsicID() == Intrinsic::masked_compressstore;
  // The mask is the only vector of i1 among the operands.
  for (Value *Operand : I->args())
    if (auto *V = dyn_cast<FixedVectorType>(Operand->getType()))
      if (V->getElementType()->isIntegerTy(1)) {
        emitMaskedLanes(I, Pointers, Operand, Vector, IsWrite, Packed);
        return;
      }
}

bool Instrumenter::pushesFrame() const {
  for (const Instruction &I : instructions(F)) {
    auto *Call = dyn_cast<CallBase>(&I);
    if (!Call || isa<IntrinsicInst>(Call) || Call->isInlineAsm())
      continue;
    return true;
  }
  return false;
}

bool Instrumenter::run() {
  const auto Resumptions = takeResumptions(F);
  FunctionAccesses A;
  if (Checked)
    A = collectAccesses(F);
  // What becomes a call of an ordinary hook counts: those look no further than the shadow stack.
  if (pushesFrame() || !A.Atomics.empty() || !A.MemIntrinsics.empty() || !Resumptions.empty()) {
    emitShadowStack(Resumptions);
    // Inlined, it would push its caller's return address a second time.
    if (Optimised && !F.hasFnAttribute(Attribute::AlwaysInline))
      F.addFnAttr(Attribute::NoInline);
  }
  for (Instruction *I : A.VtableAccesses)
    emitVtable(I);
  for (MemIntrinsic *I : A.MemIntrinsics)
    emitMemIntrinsic(I);
  for (IntrinsicInst *I : A.MaskedAccesses)
    emitMasked(I);
  for (const Check &K : A.Checks)
    emitCheck(K);
  for (Instruction *I : A.Atomics)
    emitAtomic(I);
  // The hooks find a leaf's caller through the frame pointer.
  F.addFnAttr("frame-pointer", "all");
  // What the function does to memory is no longer only what its source says.
  F.removeFnAttr(Attribute::Memory);
  F.removeFnAttr(Attribute::Speculatable);
  F.removeFnAttr(Attribute::NoSync);
  return true;
}

} // namespace csan
