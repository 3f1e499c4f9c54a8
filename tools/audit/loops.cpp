#include "loops.h"

#include "clang/AST/StmtCXX.h"

namespace csan::audit {
namespace {

using llvm::dyn_cast;
using llvm::isa;

bool EndsIt(const clang::Stmt* stmt) {
  if (isa<clang::ReturnStmt>(stmt) || isa<clang::GotoStmt>(stmt) ||
      isa<clang::IndirectGotoStmt>(stmt) || isa<clang::CXXThrowExpr>(stmt) ||
      isa<clang::CoreturnStmt>(stmt)) {
    return true;
  }
  const auto* call = dyn_cast<clang::CallExpr>(stmt);
  const clang::FunctionDecl* callee = call != nullptr ? call->getDirectCallee() : nullptr;
  return callee != nullptr && callee->isNoReturn();
}

// `breakable`: whether a break in `stmt` is one of the loop looked at.
bool HasExit(const clang::Stmt* stmt, bool breakable) {
  if (EndsIt(stmt) || (breakable && isa<clang::BreakStmt>(stmt))) return true;
  if (isa<clang::LambdaExpr>(stmt)) return false;
  const bool inner = breakable && !IsLoop(stmt) && !isa<clang::SwitchStmt>(stmt);
  for (const clang::Stmt* child : stmt->children()) {
    if (child != nullptr && HasExit(child, inner)) return true;
  }
  return false;
}

}  // namespace

bool IsLoop(const clang::Stmt* stmt) {
  return stmt != nullptr && (isa<clang::ForStmt>(stmt) || isa<clang::WhileStmt>(stmt) ||
                             isa<clang::DoStmt>(stmt) || isa<clang::CXXForRangeStmt>(stmt));
}

const clang::Expr* ConditionOf(const clang::Stmt* loop) {
  if (const auto* stmt = dyn_cast<clang::WhileStmt>(loop)) return stmt->getCond();
  if (const auto* stmt = dyn_cast<clang::DoStmt>(loop)) return stmt->getCond();
  if (const auto* stmt = dyn_cast<clang::ForStmt>(loop)) return stmt->getCond();
  return nullptr;
}

bool IsEndless(const Unit& unit, const clang::Stmt* loop) {
  if (!IsLoop(loop) || isa<clang::CXXForRangeStmt>(loop)) return false;
  const clang::Expr* condition = ConditionOf(loop);
  bool value = false;
  return condition == nullptr ||
         (condition->EvaluateAsBooleanCondition(value, *unit.context) && value);
}

bool HasExit(const clang::Stmt* loop) {
  for (const clang::Stmt* child : loop->children()) {
    if (child != nullptr && HasExit(child, true)) return true;
  }
  return false;
}

}  // namespace csan::audit
