// Where coroutines were created, for reports of what they do once they are resumed.
//
// A coroutine keeps the number of the stack that created it in its frame, and whatever resumes or destroys it
// pushes that on the shadow stack, below its own return address (llvm-pass/instrument/Coroutines.h): so it
// is part of the path of every access, lock and wait made there, and they cost nothing more. What is said of
// the creator's own coroutine is left out of a creation, or a chain of coroutines that create each other
// would have a path for each.
// Cost: some 5 ns for a creation, if the creator is not resumed itself or has lately created another at the
// same place; two stores for a resumption. What it cannot tell: of coroutines that never were suspended, or
// whose frames the optimiser has made part of their creator's: there the stack itself shows who created them.
#pragma once

#include "abi/layout.h"
#include "base/types.h"
#include "trace/stack_table.h"

namespace csan {

// Whether what is in the place of a return address says where a coroutine was created, and where that was; 0
// if it is not known.
constexpr bool IsCreation(u64 pc) {
  return (pc & ~((u64{1} << kStackIdBits) - 1)) == abi::kCreatedPc;
}
constexpr StackId CreationIn(u64 pc) { return static_cast<StackId>(pc & ~abi::kCreatedPc); }

}  // namespace csan
