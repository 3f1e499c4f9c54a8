// What the runtime intercepts, what tells it something, and <csan/go.h>. Libraries of others that tell by
// <csan/annotate.h> mark their functions themselves.
#include "CallerNames.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Function.h"

using namespace llvm;

namespace csan {

namespace {

bool isIntercepted(StringRef Name) {
  static const StringSet<> Names = {
#define CSAN_INTERCEPTOR(Name, ...) #Name,
#include "frontend/interceptors.def"
#undef CSAN_INTERCEPTOR
#define CSAN_CALL(Type, Name, ...) #Name,
#define CSAN_WAIT_CALL CSAN_CALL
#define CSAN_NAME_CALL CSAN_CALL
#define CSAN_LOOK_CALL CSAN_CALL
#define CSAN_OPEN_CALL CSAN_CALL
#include "frontend/libc/calls.def"
#undef CSAN_CALL
#undef CSAN_WAIT_CALL
#undef CSAN_NAME_CALL
#undef CSAN_LOOK_CALL
#undef CSAN_OPEN_CALL
  };
  return Names.contains(Name);
}

} // namespace

bool namesItsCaller(const CallBase &Call) {
  const Function *Callee = Call.getCalledFunction();
  if (!Callee || !Callee->isDeclaration() || Callee->isIntrinsic())
    return false;
  StringRef Name = Callee->getName();
  if (Name.starts_with("__csan_") || Name.starts_with("__tsan_") || isIntercepted(Name))
    return true;
  return Name.consume_front("_ZN") && (Name.consume_front("K"), Name.starts_with("4csan5go_v1"));
}

} // namespace csan
