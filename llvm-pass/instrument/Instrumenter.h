//===- Instrumenter.h - Emits checks and hooks into one function ----------===//
//
// The inlined check and what it calls when it fails; see abi/layout.h for the fields and planes.
//
//===----------------------------------------------------------------------===//
#ifndef CSAN_INSTRUMENT_INSTRUMENTER_H
#define CSAN_INSTRUMENT_INSTRUMENTER_H

#include "../analysis/Accesses.h"
#include "Coroutines.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace csan {

class Instrumenter {
public:
  /// \p Optimised: code generation is not all that follows.
  Instrumenter(llvm::Function &F, bool Checked, bool Optimised);
  /// Returns whether the function was changed.
  bool run();

private:
  llvm::Function &F;
  llvm::Module &M;
  llvm::LLVMContext &C;
  const llvm::DataLayout &DL;
  bool Checked; // false: keeps its frames in the shadow stack, but accesses are not checked
  bool Optimised;
  llvm::Type *I8, *I32, *I64, *Void;
  llvm::PointerType *Ptr;

  llvm::Value *tlsField(llvm::IRBuilder<> &B, uint64_t Offset, llvm::Type *T);
  void setTlsField(llvm::IRBuilder<> &B, uint64_t Offset, llvm::Value *V);
  llvm::Value *shadowLoad(llvm::IRBuilder<> &B, llvm::Value *P, int64_t Offset, llvm::Type *T);

  void emitCheck(const Check &K);
  void emitWordCheck(const Check &K, llvm::Value *P);
  void emitSubWordCheck(const Check &K, llvm::Value *P);
  void emitUnalignedCheck(const Check &K, llvm::Value *P);
  void callCold(llvm::IRBuilder<> &B, const Check &K, llvm::Value *P);
  void emitVtable(llvm::Instruction *I);
  bool replaceMemIntrinsic(llvm::MemIntrinsic *I);
  void emitMemIntrinsic(llvm::MemIntrinsic *I);
  void emitMasked(llvm::IntrinsicInst *I);
  void emitMaskedLanes(llvm::IntrinsicInst *I, llvm::Value *Pointers, llvm::Value *Mask,
                       llvm::FixedVectorType *T, bool IsWrite, bool Packed);
  void emitAtomic(llvm::Instruction *I);
  void emitAtomicLoad(llvm::LoadInst *I);
  void emitAtomicStore(llvm::StoreInst *I);
  void emitRmw(llvm::AtomicRMWInst *I);
  void emitCompareExchange(llvm::AtomicCmpXchgInst *I);
  bool atomicFits(llvm::Type *T, llvm::Align A) const;
  llvm::Value *toInt(llvm::IRBuilder<> &B, llvm::Value *V, llvm::IntegerType *T);
  llvm::Value *fromInt(llvm::IRBuilder<> &B, llvm::Value *V, llvm::Type *T);

  bool pushesFrame() const;
  void emitShadowStack(llvm::ArrayRef<Resumption> Resumptions);
};

} // namespace csan

#endif
