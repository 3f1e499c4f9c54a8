// Atomic operations become calls of hooks, which perform them together with what they do to the
// clocks. Operations that have no hook of their own become a loop around compare_exchange.
#include "Hooks.h"
#include "Instrumenter.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/LowerAtomic.h"

using namespace llvm;

namespace csan {

namespace {

/// Encoding shared with the runtime: relaxed, consume, acquire, release, acq_rel, seq_cst.
int orderCode(AtomicOrdering O) {
  switch (O) {
  case AtomicOrdering::NotAtomic:
  case AtomicOrdering::Unordered:
  case AtomicOrdering::Monotonic:
    return 0;
  case AtomicOrdering::Acquire:
    return 2;
  case AtomicOrdering::Release:
    return 3;
  case AtomicOrdering::AcquireRelease:
    return 4;
  case AtomicOrdering::SequentiallyConsistent:
    return 5;
  }
  return 5;
}

const char *hookOf(AtomicRMWInst::BinOp Op) {
  switch (Op) {
  case AtomicRMWInst::Xchg:
    return "exchange";
  case AtomicRMWInst::Add:
    return "fetch_add";
  case AtomicRMWInst::Sub:
    return "fetch_sub";
  case AtomicRMWInst::And:
    return "fetch_and";
  case AtomicRMWInst::Or:
    return "fetch_or";
  case AtomicRMWInst::Xor:
    return "fetch_xor";
  case AtomicRMWInst::Nand:
    return "fetch_nand";
  default:
    return nullptr;
  }
}

bool isSingleThread(const Instruction *I) {
  auto Scope = getAtomicSyncScopeID(I);
  return Scope && *Scope == SyncScope::SingleThread;
}

} // namespace

bool Instrumenter::atomicFits(Type *T, Align A) const {
  uint64_t Size = DL.getTypeStoreSize(T).getFixedValue();
  // Where IR has an atomic operation of 16 bytes, the program needs a CPU with cmpxchg16b anyway.
  return isPowerOf2_64(Size) && Size <= 16 && A.value() >= Size;
}

Value *Instrumenter::toInt(IRBuilder<> &B, Value *V, IntegerType *T) {
  if (V->getType()->isPointerTy())
    return B.CreatePtrToInt(V, T);
  if (V->getType()->isIntegerTy())
    return B.CreateZExt(V, T);
  return B.CreateBitCast(V, T);
}

Value *Instrumenter::fromInt(IRBuilder<> &B, Value *V, Type *T) {
  if (T->isPointerTy())
    return B.CreateIntToPtr(V, T);
  if (T->isIntegerTy())
    return B.CreateTrunc(V, T);
  return B.CreateBitCast(V, T);
}

void Instrumenter::emitAtomic(Instruction *I) {
  if (isSingleThread(I))
    return;
  if (auto *Fence = dyn_cast<FenceInst>(I)) {
    IRBuilder<> B(I);
    B.CreateCall(declareHook(M, "__csan_atomic_fence"),
                 {B.getInt32(orderCode(Fence->getOrdering()))});
    return;
  }
  if (auto *Load = dyn_cast<LoadInst>(I))
    emitAtomicLoad(Load);
  else if (auto *Store = dyn_cast<StoreInst>(I))
    emitAtomicStore(Store);
  else if (auto *Rmw = dyn_cast<AtomicRMWInst>(I))
    emitRmw(Rmw);
  else if (auto *Cas = dyn_cast<AtomicCmpXchgInst>(I))
    emitCompareExchange(Cas);
}

static std::string atomicName(unsigned Bits, StringRef Operation) {
  return ("__csan_atomic" + Twine(Bits) + "_" + Operation).str();
}

void Instrumenter::emitAtomicLoad(LoadInst *I) {
  Type *T = I->getType();
  if (I->getPointerAddressSpace() != 0 || !atomicFits(T, I->getAlign()))
    return;
  unsigned Bits = DL.getTypeStoreSizeInBits(T).getFixedValue();
  IRBuilder<> B(I);
  Value *V = B.CreateCall(declareHook(M, atomicName(Bits, "load")),
                          {I->getPointerOperand(), B.getInt32(orderCode(I->getOrdering()))});
  I->replaceAllUsesWith(fromInt(B, V, T));
  I->eraseFromParent();
}

void Instrumenter::emitAtomicStore(StoreInst *I) {
  Type *T = I->getValueOperand()->getType();
  if (I->getPointerAddressSpace() != 0 || !atomicFits(T, I->getAlign()))
    return;
  unsigned Bits = DL.getTypeStoreSizeInBits(T).getFixedValue();
  IntegerType *Int = IntegerType::get(C, Bits);
  IRBuilder<> B(I);
  B.CreateCall(declareHook(M, atomicName(Bits, "store")),
               {I->getPointerOperand(), toInt(B, I->getValueOperand(), Int),
                B.getInt32(orderCode(I->getOrdering()))});
  I->eraseFromParent();
}

void Instrumenter::emitRmw(AtomicRMWInst *I) {
  Type *T = I->getType();
  if (I->getPointerAddressSpace() != 0 || !atomicFits(T, I->getAlign()))
    return;
  unsigned Bits = DL.getTypeStoreSizeInBits(T).getFixedValue();
  IntegerType *Int = IntegerType::get(C, Bits);
  Value *P = I->getPointerOperand();
  const int Order = orderCode(I->getOrdering());
  IRBuilder<> B(I);
  if (const char *Name = hookOf(I->getOperation())) {
    Value *V = B.CreateCall(declareHook(M, atomicName(Bits, Name)),
                            {P, toInt(B, I->getValOperand(), Int), B.getInt32(Order)});
    I->replaceAllUsesWith(fromInt(B, V, T));
    I->eraseFromParent();
    return;
  }
  // first = load; loop: seen = phi(first, next); next = cas(seen, op(seen)); again if next != seen
  Value *First = B.CreateCall(declareHook(M, atomicName(Bits, "load")), {P, B.getInt32(0)});
  BasicBlock *Entry = I->getParent();
  BasicBlock *Exit = Entry->splitBasicBlock(I, "csan.rmw.done");
  BasicBlock *Loop = BasicBlock::Create(C, "csan.rmw", &F, Exit);
  Entry->getTerminator()->setSuccessor(0, Loop);
  IRBuilder<> L(Loop);
  L.SetCurrentDebugLocation(I->getDebugLoc());
  PHINode *Seen = L.CreatePHI(Int, 2);
  Seen->addIncoming(First, Entry);
  Value *New = buildAtomicRMWValue(I->getOperation(), L, fromInt(L, Seen, T), I->getValOperand());
  Value *Next = L.CreateCall(declareHook(M, atomicName(Bits, "compare_exchange")),
                             {P, Seen, toInt(L, New, Int), L.getInt32(Order), L.getInt32(0)});
  Seen->addIncoming(Next, Loop);
  L.CreateCondBr(L.CreateICmpEQ(Next, Seen), Exit, Loop);
  IRBuilder<> X(I);
  I->replaceAllUsesWith(fromInt(X, Seen, T));
  I->eraseFromParent();
}

void Instrumenter::emitCompareExchange(AtomicCmpXchgInst *I) {
  Type *T = I->getCompareOperand()->getType();
  if (I->getPointerAddressSpace() != 0 || !atomicFits(T, I->getAlign()))
    return;
  unsigned Bits = DL.getTypeStoreSizeInBits(T).getFixedValue();
  IntegerType *Int = IntegerType::get(C, Bits);
  IRBuilder<> B(I);
  Value *Expected = toInt(B, I->getCompareOperand(), Int);
  Value *Seen =
      B.CreateCall(declareHook(M, atomicName(Bits, "compare_exchange")),
                   {I->getPointerOperand(), Expected, toInt(B, I->getNewValOperand(), Int),
                    B.getInt32(orderCode(I->getSuccessOrdering())),
                    B.getInt32(orderCode(I->getFailureOrdering()))});
  Value *Success = B.CreateICmpEQ(Seen, Expected);
  Value *Pair = B.CreateInsertValue(PoisonValue::get(I->getType()), fromInt(B, Seen, T), 0);
  Pair = B.CreateInsertValue(Pair, Success, 1);
  I->replaceAllUsesWith(Pair);
  I->eraseFromParent();
}

} // namespace csan
