// A condition wait in a function that takes the lock itself, in no loop and without a predicate, or in an
// endless loop that never looks at anything: what was notified before the wait is lost, and waits also
// end by themselves. Functions that only pass the wait on (wrappers of condition variables) take no
// lock and are silent; timed waits end anyway and are used as sleeps.
#include "finding.h"
#include "llvm/ADT/STLExtras.h"
#include "loops.h"

namespace csan::audit {
namespace {

using llvm::dyn_cast;
using llvm::isa;

// csan::Cond waits with the mutex that it was made with.
bool IsOfOwnMutex(const Use& wait) { return IsClass(wait.object->getType(), "Cond"); }

bool HasPredicate(const Use& wait) {
  const auto* call = dyn_cast<clang::CXXMemberCallExpr>(wait.at);
  return call != nullptr && call->getNumArgs() >= (IsOfOwnMutex(wait) ? 1U : 2U);
}

bool Decides(const clang::Stmt* loop) {
  return AnyIn(loop, [](const clang::Stmt* stmt) {
    return isa<clang::IfStmt>(stmt) || isa<clang::SwitchStmt>(stmt) ||
           isa<clang::ConditionalOperator>(stmt);
  });
}

bool LoopTests(const Unit& unit, const clang::Stmt* stmt) {
  if (!IsLoop(stmt) || isa<clang::CXXForRangeStmt>(stmt)) return false;
  return !IsEndless(unit, stmt) || Decides(stmt);
}

// The kLock or kGuard in the same body by which the wait's lock was taken.
const Use* TakenBy(const Body& body, const Use& wait) {
  for (const Use& use : body.uses) {
    const bool takes = use.operation == Operation::kLock || use.operation == Operation::kGuard;
    if (takes && (IsOfOwnMutex(wait) || use.object == wait.object ||
                  (use.guard != nullptr && use.guard == wait.object))) {
      return &use;
    }
  }
  return nullptr;
}

}  // namespace

Findings CheckWaitWithoutPredicate(const Unit& unit) {
  Findings findings;
  for (const auto& body : unit.bodies) {
    for (const Use& use : body->uses) {
      if (use.operation != Operation::kConditionWait || use.object == nullptr || HasPredicate(use))
        continue;
      const Use* taken = TakenBy(*body, use);
      const bool tested =
          llvm::any_of(use.within, [&](const clang::Stmt* s) { return LoopTests(unit, s); });
      if (taken == nullptr || tested) continue;
      findings.push_back(
          {use.object->getNameAsString(),
           {use.at, body.get(),
            "waits without a loop that tests what it waits for: a notification before the "
            "wait is lost, and a wait may end without one"},
           {{taken->at, body.get(), "the lock is taken here"}}});
    }
  }
  return findings;
}

}  // namespace csan::audit
