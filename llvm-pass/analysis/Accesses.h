//===- Accesses.h - What in a function needs a check ----------------------===//
//
// Collects the memory accesses of a function and drops those whose check cannot find anything a
// remaining check does not find. Each elimination keeps one representative of every race:
//
//  * A non-escaping alloca, a constant global or a load marked invariant is never written by
//    another actor while it is read.
//  * Within a basic block, with nothing between that may synchronise or not return: a second access to
//    the same bytes is covered by the first if that is as strong (a write covers a read), or by the
//    second if it is the write (a race with the read is a race with the write). No actor can order
//    itself between the two, so whoever races with one races with the other.
//  * The same from block to block: where on every path such a check has been made since anything may
//    have synchronised, it need not be made again.
//  * Neighbouring accesses of one block, with the same conditions, become one check of up to 16
//    bytes, or 32 of one line of the source. All of them certainly execute together.
//
//===----------------------------------------------------------------------===//
#ifndef CSAN_ANALYSIS_ACCESSES_H
#define CSAN_ANALYSIS_ACCESSES_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

namespace csan {

struct Check {
  llvm::Instruction *At; // the check goes in front of it
  llvm::Value *Base;
  int64_t Offset;
  uint64_t Size;
  llvm::Align Alignment;
  bool IsWrite;
};

struct FunctionAccesses {
  llvm::SmallVector<Check, 32> Checks;
  llvm::SmallVector<llvm::Instruction *, 8> VtableAccesses;
  llvm::SmallVector<llvm::Instruction *, 8> Atomics;
  llvm::SmallVector<llvm::MemIntrinsic *, 8> MemIntrinsics;
  llvm::SmallVector<llvm::IntrinsicInst *, 4> MaskedAccesses;
};

/// Whether \p Pointer is in memory that no other actor writes, or not in the default address space.
bool isLocalOrConstant(const llvm::Value *Pointer);

/// Whether \p I may order this actor's accesses with another's, or may not pass control on.
bool mayEndRegion(const llvm::Instruction &I);

FunctionAccesses collectAccesses(llvm::Function &F);

} // namespace csan

#endif
