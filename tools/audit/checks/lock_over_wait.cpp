// A lock on every way to an operation that waits for somebody else: a send, a receive, a join, a sleep, a
// peer on the network, a condition whose wait gives up another lock. Whoever needs the lock waits as
// well, and if that is who would end the wait, for ever. Reading and writing files is not such a
// wait. Misses: waits within functions that are called, locks of which the name is not known.
#include "finding.h"
#include "flow.h"
#include "llvm/ADT/STLExtras.h"

namespace csan::audit {
namespace {

const char* VerbOf(Operation operation) {
  switch (operation) {
    case Operation::kSend:
      return "sends to";
    case Operation::kReceive:
    case Operation::kRange:
      return "receives from";
    case Operation::kSelect:
      return "waits in";
    case Operation::kWaitAll:
      return "waits for";
    case Operation::kConditionWait:
    case Operation::kTimedConditionWait:
      return "waits for a condition with";
    case Operation::kJoin:
      return "joins";
    case Operation::kBlock:
      return "blocks in";
    default:
      return nullptr;
  }
}

std::string Callee(const Use& use) {
  const auto* call = llvm::dyn_cast<clang::CallExpr>(use.at);
  const clang::FunctionDecl* callee = call != nullptr ? call->getDirectCallee() : nullptr;
  return callee != nullptr ? callee->getNameAsString() : "";
}

// A condition's wait gives up its own lock, be it named by the guard or by the mutex.
bool GivesUp(const Use& wait, const Use& lock) {
  const bool condition = wait.operation == Operation::kConditionWait ||
                         wait.operation == Operation::kTimedConditionWait;
  if (!condition) return false;
  // csan::Cond gives up the mutex that it was made with.
  if (wait.object != nullptr && IsClass(wait.object->getType(), "Cond")) return true;
  return wait.object == nullptr || wait.object == lock.object || wait.object == lock.guard;
}

}  // namespace

Findings CheckLockOverWait(const Unit& unit) {
  Findings findings;
  for (const auto& body : unit.bodies) {
    const bool waits =
        llvm::any_of(body->uses, [](const Use& use) { return VerbOf(use.operation); });
    if (!waits) continue;
    WalkHeld(unit, *body, [&](const Use& use, const Held& held) {
      const char* verb = VerbOf(use.operation);
      if (verb == nullptr) return;
      for (const Use* lock : held) {
        if (GivesUp(use, *lock)) continue;
        const std::string mutex = Quote(lock->object, "a lock");
        const std::string of =
            Quote(use.operation == Operation::kBlock ? nullptr : use.object, Callee(use).c_str());
        findings.push_back({lock->object != nullptr ? lock->object->getNameAsString() : "",
                            {use.at, body.get(),
                             (llvm::Twine(verb) + " " + of + " with " + mutex + " held").str()},
                            {{lock->at, body.get(), mutex + " is locked here"}}});
        return;
      }
    });
  }
  return findings;
}

}  // namespace csan::audit
