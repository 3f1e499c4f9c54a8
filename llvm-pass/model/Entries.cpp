// A function that a library calls back, by pointer or virtually, has no call to put hooks around. What a
// model says of its entry is told as of a call that is over at once.
#include "Entries.h"

#include "../instrument/Hooks.h"

#include "llvm/IR/IRBuilder.h"

using namespace llvm;

namespace csan {

bool tellEntry(Function &F, const Rule &R) {
  if (!R.Object)
    return false;
  const unsigned Index = R.Object->Index + (F.hasStructRetAttr() ? 1 : 0);
  if (Index >= F.arg_size() || !F.getArg(Index)->getType()->isPointerTy())
    return false;
  BasicBlock &Entry = F.getEntryBlock();
  IRBuilder<> B(&Entry, Entry.getFirstNonPHIOrDbgOrAlloca());
  B.SetCurrentDebugLocation(beginOf(F));
  Value *Object = F.getArg(Index);
  if (R.Object->Indirect)
    Object = B.CreateLoad(B.getPtrTy(), Object);
  if (R.Op == abi::Operation::kSwitch) {
    callHook(B, "__csan_model_leave", {Object});
    callHook(B, "__csan_model_return", {ConstantPointerNull::get(B.getPtrTy())});
    return true;
  }
  Value *const Code = B.getInt32(static_cast<unsigned>(R.Op));
  Value *const Number = B.getInt64(-1);
  callHook(B, "__csan_model_begin", {Code, Object, Number});
  callHook(B, "__csan_model_end", {Code, Object, Number, B.getInt32(abi::kDone)});
  return true;
}

} // namespace csan
