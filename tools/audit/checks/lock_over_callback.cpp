// A lock on every way to the call of a stored std::function, or of a function pointer that is kept as a
// callback, listener or observer: what it does is not known, and may take the lock. Functions that are
// given as an argument and called at once are part of the caller's contract, lambdas of the same
// function are its own code; neither is reported.
#include "finding.h"
#include "flow.h"
#include "llvm/ADT/STLExtras.h"

namespace csan::audit {
namespace {

bool IsForeign(const clang::ValueDecl* callback) {
  const auto* var = llvm::dyn_cast_or_null<clang::VarDecl>(callback);
  if (var == nullptr) return callback != nullptr;
  if (llvm::isa<clang::ParmVarDecl>(var)) return false;
  if (!var->hasLocalStorage()) return true;
  if (var->isCXXForRangeDecl()) return true;
  // A local is somebody else's if it was copied from there.
  return var->getInit() != nullptr && ObjectOf(var->getInit()) != nullptr &&
         IsForeign(ObjectOf(var->getInit()));
}

}  // namespace

Findings CheckLockOverCallback(const Unit& unit) {
  Findings findings;
  for (const auto& body : unit.bodies) {
    const bool calls = llvm::any_of(body->uses, [](const Use& use) {
      return use.operation == Operation::kCallback && IsForeign(use.object);
    });
    if (!calls) continue;
    WalkHeld(unit, *body, [&](const Use& use, const Held& held) {
      if (use.operation != Operation::kCallback || !IsForeign(use.object) || held.empty()) return;
      const Use& lock = *held.front();
      const std::string mutex = Quote(lock.object, "a lock");
      findings.push_back(
          {use.object->getNameAsString(),
           {use.at, body.get(), "calls " + Quote(use.object, "it") + " with " + mutex + " held"},
           {{lock.at, body.get(), mutex + " is locked here"}}});
    });
  }
  return findings;
}

}  // namespace csan::audit
