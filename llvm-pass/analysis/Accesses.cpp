#include "Accesses.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Metadata.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace csan {

bool isLocalOrConstant(const Value *Pointer) {
  if (Pointer->getType()->getPointerAddressSpace() != 0)
    return true;
  const Value *Object = getUnderlyingObject(Pointer);
  if (auto *Global = dyn_cast<GlobalVariable>(Object))
    return Global->isConstant() || Global->getName().starts_with("__llvm_gcov") ||
           Global->getName().starts_with("__profc_");
  if (auto *Alloca = dyn_cast<AllocaInst>(Object))
    return !PointerMayBeCaptured(Alloca, /*ReturnCaptures=*/true);
  return false;
}

bool mayEndRegion(const Instruction &I) {
  if (I.isAtomic())
    return true;
  auto *Call = dyn_cast<CallBase>(&I);
  if (!Call)
    return false;
  return !isa<IntrinsicInst>(Call);
}

namespace {

bool isVtableAccess(const Instruction &I) {
  if (MDNode *Tag = I.getMetadata(LLVMContext::MD_tbaa))
    return Tag->isTBAAVtableAccess();
  return false;
}

bool isMaskedAccess(const IntrinsicInst &I) {
  switch (I.getIntrinsicID()) {
  case Intrinsic::masked_load:
  case Intrinsic::masked_store:
  case Intrinsic::masked_gather:
  case Intrinsic::masked_scatter:
  case Intrinsic::masked_expandload:
  case Intrinsic::masked_compressstore:
    return true;
  default:
    return false;
  }
}

class Collector {
public:
  explicit Collector(Function &F) : DL(F.getDataLayout()) {}

  FunctionAccesses take(Function &F) {
    for (BasicBlock &BB : F) {
      Region.clear();
      BlockChecks &Block = Blocks[&BB];
      for (Instruction &I : BB) {
        visit(I);
        if (!mayEndRegion(I) && Region.size() < MaxRegion)
          continue;
        SmallVectorImpl<Check> &To =
            Block.Ends ? static_cast<SmallVectorImpl<Check> &>(Out.Checks) : Block.First;
        To.append(Region.begin(), Region.end());
        Block.Ends = true;
        Region.clear();
      }
      // Without an end the block's first region is its last.
      (Block.Ends ? Block.Last : Block.First).append(Region.begin(), Region.end());
    }
    dropAvailable(F);
    for (BasicBlock &BB : F) {
      Out.Checks.append(Blocks[&BB].First.begin(), Blocks[&BB].First.end());
      Out.Checks.append(Blocks[&BB].Last.begin(), Blocks[&BB].Last.end());
    }
    return std::move(Out);
  }

private:
  const DataLayout &DL;
  FunctionAccesses Out;
  SmallVector<Check, 16> Region; // checks of the present region of the block

  /// Only a block's first region can profit from checks before it, only its last can help later ones.
  struct BlockChecks {
    SmallVector<Check, 8> First;
    SmallVector<Check, 8> Last;
    bool Ends = false; // something in it may synchronise
  };
  DenseMap<BasicBlock *, BlockChecks> Blocks;
  static constexpr unsigned MaxRegion = 1024; // then it ends, for the same reason as MaxFacts
  static constexpr unsigned MaxFacts = 4096;  // beyond, the quadratic part would cost compile time

  /// Of two checks of one address.
  static bool inside(const Check &K, const Check &Of) {
    return K.Offset >= Of.Offset && K.Offset + (int64_t)K.Size <= Of.Offset + (int64_t)Of.Size;
  }
  static bool covers(const Check &Old, const Check &New) {
    return (Old.IsWrite || !New.IsWrite) && inside(New, Old) && sameAddress(Old.Base, New.Base);
  }

  /// Available expressions, where an expression is a check: in = and of the predecessors' out; out = in,
  /// if the block has no end of region, and what its last region checks. A dropped check leaves a
  /// fact all the same, for it was dropped because one that covers it holds there.
  void dropAvailable(Function &F) {
    SmallVector<Check, 32> Facts;
    DenseMap<BasicBlock *, std::pair<unsigned, unsigned>> Made; // facts of the block: [first, end)
    for (BasicBlock &BB : F) {
      BlockChecks &Block = Blocks[&BB];
      const unsigned Begin = Facts.size();
      Facts.append(Block.Ends ? Block.Last.begin() : Block.First.begin(),
                   Block.Ends ? Block.Last.end() : Block.First.end());
      Made[&BB] = {Begin, (unsigned)Facts.size()};
    }
    if (Facts.empty() || Facts.size() > MaxFacts)
      return;
    DenseMap<BasicBlock *, BitVector> OutOf;
    for (BasicBlock &BB : F)
      OutOf[&BB] = BitVector(Facts.size(), true);
    auto InOf = [&](BasicBlock *BB) {
      BitVector In(Facts.size(), !pred_empty(BB) && !BB->isEntryBlock());
      for (BasicBlock *P : predecessors(BB))
        meet(In, OutOf[P], Facts);
      return In;
    };
    ReversePostOrderTraversal<Function *> Order(&F);
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (BasicBlock *BB : Order) {
        BitVector Now = Blocks[BB].Ends ? BitVector(Facts.size()) : InOf(BB);
        Now.set(Made[BB].first, Made[BB].second);
        if (Now == OutOf[BB])
          continue;
        OutOf[BB] = std::move(Now);
        Changed = true;
      }
    }
    for (BasicBlock *BB : Order) {
      BitVector In = InOf(BB);
      if (In.none())
        continue;
      erase_if(Blocks[BB].First, [&](const Check &New) {
        return any_of(In.set_bits(), [&](unsigned I) { return covers(Facts[I], New); });
      });
    }
  }

  /// Keeps in \p In what \p Other implies: two paths may have made the same check in different places.
  static void meet(BitVector &In, const BitVector &Other, ArrayRef<Check> Facts) {
    for (unsigned I : In.set_bits())
      if (!Other.test(I) &&
          none_of(Other.set_bits(), [&](unsigned K) { return covers(Facts[K], Facts[I]); }))
        In.reset(I);
  }

  void visit(Instruction &I) {
    if (I.hasMetadata(LLVMContext::MD_nosanitize))
      return;
    if (auto *Mem = dyn_cast<MemIntrinsic>(&I)) {
      Out.MemIntrinsics.push_back(Mem);
      return;
    }
    if (auto *Intrinsic = dyn_cast<IntrinsicInst>(&I)) {
      if (isMaskedAccess(*Intrinsic))
        Out.MaskedAccesses.push_back(Intrinsic);
      return;
    }
    if (I.isAtomic()) {
      Out.Atomics.push_back(&I);
      return;
    }
    if (auto *Load = dyn_cast<LoadInst>(&I)) {
      if (Load->hasMetadata(LLVMContext::MD_invariant_load))
        return;
      add(I, Load->getPointerOperand(), Load->getType(), Load->getAlign(), false);
    } else if (auto *Store = dyn_cast<StoreInst>(&I)) {
      add(I, Store->getPointerOperand(), Store->getValueOperand()->getType(), Store->getAlign(),
          true);
    }
  }

  void add(Instruction &I, Value *Pointer, Type *T, Align Alignment, bool IsWrite) {
    if (isLocalOrConstant(Pointer) || Pointer->isSwiftError())
      return;
    TypeSize Size = DL.getTypeStoreSize(T);
    if (Size.isScalable() || Size.isZero())
      return;
    if (isVtableAccess(I) && Size.getFixedValue() == 8) {
      Out.VtableAccesses.push_back(&I);
      return;
    }
    APInt Offset(64, 0);
    Value *Base = Pointer->stripAndAccumulateConstantOffsets(DL, Offset, /*AllowNonInbounds=*/true);
    merge({&I, Base, Offset.getSExtValue(), Size.getFixedValue(), Alignment, IsWrite});
  }

  /// Adds a check to the region, or finds that one that is there can stand for it.
  void merge(Check New) {
    for (unsigned I = 0; I < Region.size(); I++) {
      Check &Old = Region[I];
      if (!sameAddress(Old.Base, New.Base))
        continue;
      bool Same = New.Offset == Old.Offset && New.Size == Old.Size;
      if (inside(New, Old) && (Old.IsWrite || !New.IsWrite))
        return;
      if (Same && New.IsWrite && !Old.IsWrite) {
        // Checked where the write is: its line is the one that says most, and nothing in between can order
        // the two differently.
        Old = New;
        return settle(I);
      }
      if (Old.IsWrite == New.IsWrite && adjacent(Old, New))
        return settle(I);
    }
    Region.push_back(New);
    settle(Region.size() - 1);
  }

  /// Of a check that is new or has been extended: drops the reads that it covers, if it is one of a write,
  /// and joins it with those on its line that are now its neighbours.
  void settle(unsigned I) {
    for (unsigned J = 0; J < Region.size(); J++) {
      Check &Now = Region[I], &Other = Region[J];
      if (I == J || !sameAddress(Now.Base, Other.Base))
        continue;
      if (Now.IsWrite && !Other.IsWrite) {
        if (!inside(Other, Now))
          continue;
      } else {
        // A write that has taken the place of a read may lie behind what follows it here.
        const bool OtherFirst = Other.At->comesBefore(Now.At);
        Check First = OtherFirst ? Other : Now;
        if (Now.IsWrite != Other.IsWrite || !sameLine(Now, Other) ||
            !adjacent(First, OtherFirst ? Now : Other))
          continue;
        Now = First;
      }
      Region.erase(Region.begin() + J);
      return settle(I - (J < I));
    }
  }

  /// An unrolled loop computes the address of an element anew each time round.
  static bool sameAddress(const Value *A, const Value *B) {
    if (A == B)
      return true;
    auto *First = dyn_cast<GetElementPtrInst>(A), *Second = dyn_cast<GetElementPtrInst>(B);
    return First && Second && First->isIdenticalToWhenDefined(Second);
  }

  /// Whether a report names one line for both, and one way to it through what was inlined.
  static bool sameLine(const Check &K, const Check &L) {
    const DILocation *A = K.At->getDebugLoc(), *B = L.At->getDebugLoc();
    if (!A || !B)
      return A == B;
    return A->getLine() == B->getLine() && A->getFile() == B->getFile() &&
           A->getInlinedAt() == B->getInlinedAt();
  }

  /// Extends \p Old by \p New if together they are one aligned check of 8 or 16 bytes, or of 24 or 32 where
  /// the one line that a report names is that of both.
  bool adjacent(Check &Old, const Check &New) {
    if (Old.Size < 4 || New.Size < 4 || Old.Alignment < Align(4) || New.Alignment < Align(4))
      return false;
    uint64_t Sum = Old.Size + New.Size;
    bool Large = (Sum == 24 || Sum == 32) && sameLine(Old, New);
    if (Sum != 8 && Sum != 16 && !Large)
      return false;
    if (New.Offset == Old.Offset + (int64_t)Old.Size) {
      Old.Size = Sum;
      return true;
    }
    if (Old.Offset == New.Offset + (int64_t)New.Size) {
      // The base dominates both; the check stays at the earlier access, at the lower address.
      Old.Offset = New.Offset;
      Old.Size = Sum;
      Old.Alignment = New.Alignment;
      return true;
    }
    return false;
  }
};

} // namespace

FunctionAccesses collectAccesses(Function &F) { return Collector(F).take(F); }

} // namespace csan
