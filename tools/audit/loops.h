// Loops: whether they can end.
#pragma once

#include "facts.h"

namespace csan::audit {

bool IsLoop(const clang::Stmt* stmt);
const clang::Expr* ConditionOf(const clang::Stmt* loop);  // null if it has none
// A loop that no condition ends.
bool IsEndless(const Unit& unit, const clang::Stmt* loop);
// Whether a break, return, goto, throw or a call that does not return leads out of the loop.
bool HasExit(const clang::Stmt* loop);
// Whether `test` is true of the statement or of one in it; lambdas in it are their own.
template <typename Test>
bool AnyIn(const clang::Stmt* stmt, const Test& test) {
  if (test(stmt)) return true;
  if (llvm::isa<clang::LambdaExpr>(stmt)) return false;
  for (const clang::Stmt* child : stmt->children()) {
    if (child != nullptr && AnyIn(child, test)) return true;
  }
  return false;
}

}  // namespace csan::audit
