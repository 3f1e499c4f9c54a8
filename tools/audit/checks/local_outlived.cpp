// A local of a function that a detached thread, a goroutine or a thread kept elsewhere has by reference,
// where a way leads out of the function on which nothing waits: the reference then dangles. Whatever might
// be a wait counts as one: joins, receives, calls whose name says so (wait, join, stop, finish, …), loops
// that read what the other has, destructors that the unit does not show. So it misses much, and accuses
// only where nothing looks like a wait.
#include "clang/AST/DeclTemplate.h"
#include "finding.h"
#include "flow.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "loops.h"

namespace csan::audit {
namespace {

using llvm::dyn_cast;
using llvm::isa;
using Locals = llvm::SmallSetVector<const clang::VarDecl*, 4>;

bool SaysWait(llvm::StringRef name) {
  const std::string lower = name.lower();
  if (llvm::StringRef(lower).contains("sleep")) return false;
  for (const char* word : {"join", "wait", "drain", "stop", "shutdown", "finish", "sync", "barrier",
                           "acquire", "terminate", "kill", "loop", "exec", "quit"}) {
    if (llvm::StringRef(lower).contains(word)) return true;
  }
  return lower == "get" || lower == "pop" || lower == "run";
}

bool MayWait(Operation operation) {
  switch (operation) {
    case Operation::kJoin:
    case Operation::kWaitAll:
    case Operation::kReceive:
    case Operation::kTryReceive:
    case Operation::kSelect:
    case Operation::kConditionWait:
    case Operation::kTimedConditionWait:
      return true;
    default:
      return false;
  }
}

bool Reads(const clang::Stmt* condition, const Locals& shared) {
  return condition != nullptr && AnyIn(condition, [&](const clang::Stmt* stmt) {
           const auto* ref = dyn_cast<clang::DeclRefExpr>(stmt);
           const auto* var = ref != nullptr ? dyn_cast<clang::VarDecl>(ref->getDecl()) : nullptr;
           return var != nullptr && shared.contains(var);
         });
}

bool MayWait(const clang::Stmt* stmt, const Locals& shared) {
  if (const auto* range = dyn_cast<clang::CXXForRangeStmt>(stmt)) {
    return range->getRangeInit() != nullptr && IsChannel(range->getRangeInit()->getType());
  }
  if (IsLoop(stmt)) return Reads(ConditionOf(stmt), shared);
  const auto* call = dyn_cast<clang::CallExpr>(stmt);
  if (call == nullptr) return false;
  const clang::FunctionDecl* callee = call->getDirectCallee();
  if (callee == nullptr) return false;
  if (MayWait(MeaningOf(callee).operation)) return true;
  return callee->getIdentifier() != nullptr && SaysWait(callee->getName());
}

bool DestructorMayWait(const clang::CXXRecordDecl* record, const Locals& shared, int depth = 0) {
  if (record == nullptr || !record->hasDefinition() || depth > 4) return false;
  record = record->getDefinition();
  if (record->hasTrivialDestructor()) return false;
  if (record->isInStdNamespace()) {
    const auto* name = record->getIdentifier();
    if (name != nullptr && (name->isStr("jthread") || name->isStr("future"))) return true;
    const auto* of = dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
    return of != nullptr &&
           llvm::any_of(of->getTemplateArgs().asArray(), [&](const auto& argument) {
             return argument.getKind() == clang::TemplateArgument::Type &&
                    DestructorMayWait(ClassOf(argument.getAsType()), shared, depth + 1);
           });
  }
  const clang::CXXDestructorDecl* destructor = record->getDestructor();
  if (destructor != nullptr && destructor->isUserProvided()) {
    const clang::Stmt* body = destructor->getBody();
    // Those of csan/go.h that wait (of ErrGroup, WorkerPool) do so in its headers.
    if (body == nullptr) return !llvm::StringRef(NameOf(record)).starts_with("csan::");
    return AnyIn(body, [&](const clang::Stmt* stmt) { return MayWait(stmt, shared); });
  }
  return llvm::any_of(record->fields(), [&](const clang::FieldDecl* field) {
    return DestructorMayWait(field->getType()->getAsCXXRecordDecl(), shared, depth + 1);
  });
}

bool IsLocalOf(const clang::VarDecl* var, const Body& body) {
  return var->hasLocalStorage() && var->getDeclContext() == body.function &&
         !var->getType()->isReferenceType();
}

// The local whose address an expression is: &x, &x.field, &xs[i], xs of an array.
const clang::VarDecl* AddressedBy(const clang::Expr* expr) {
  expr = expr->IgnoreParenCasts();
  const auto* address = dyn_cast<clang::UnaryOperator>(expr);
  const bool taken = address != nullptr && address->getOpcode() == clang::UO_AddrOf;
  if (!taken && !expr->getType()->isArrayType()) return nullptr;
  if (taken) expr = address->getSubExpr()->IgnoreParens();
  for (;;) {
    if (const auto* element = dyn_cast<clang::ArraySubscriptExpr>(expr)) {
      expr = element->getBase()->IgnoreParenImpCasts();
      if (!expr->getType()->isArrayType()) return nullptr;
    } else if (const auto* member = dyn_cast<clang::MemberExpr>(expr)) {
      if (member->isArrow()) return nullptr;
      expr = member->getBase()->IgnoreParenImpCasts();
    } else {
      break;
    }
  }
  const auto* ref = dyn_cast<clang::DeclRefExpr>(expr);
  return ref != nullptr ? dyn_cast<clang::VarDecl>(ref->getDecl()) : nullptr;
}

bool IsRef(const clang::Expr* expr) {
  const clang::CXXRecordDecl* record = expr->getType()->getAsCXXRecordDecl();
  return record != nullptr && record->getIdentifier() != nullptr &&
         record->getName() == "reference_wrapper";
}

Locals SharedBy(const Spawn& spawn) {
  Locals shared;
  auto add = [&](const clang::VarDecl* var) {
    if (var != nullptr && IsLocalOf(var, *spawn.in)) shared.insert(var);
  };
  if (spawn.runs != nullptr && spawn.runs->lambda != nullptr) {
    const clang::LambdaExpr* lambda = spawn.runs->lambda;
    for (const clang::LambdaCapture& capture : lambda->captures()) {
      if (!capture.capturesVariable()) continue;
      const auto* var = dyn_cast<clang::VarDecl>(capture.getCapturedVar());
      if (var != nullptr && lambda->isInitCapture(&capture) && var->getInit() != nullptr) {
        add(AddressedBy(var->getInit()));
      } else if (capture.getCaptureKind() == clang::LCK_ByRef) {
        add(var);
      }
    }
  }
  for (const clang::Expr* argument : spawn.arguments) {
    add(AddressedBy(argument));
    if (IsRef(argument)) add(llvm::dyn_cast_or_null<clang::VarDecl>(ObjectOf(argument)));
  }
  return shared;
}

bool IsDetached(const Spawn& spawn) {
  return llvm::any_of(spawn.in->uses, [&](const Use& use) {
    if (use.operation != Operation::kDetach) return false;
    return use.object != nullptr ? use.object == spawn.handle : Holds(use.at, spawn.at);
  });
}

// A thread in a local of the function ends the program if nobody joins it: nothing outlives anything.
bool MayOutlive(const Spawn& spawn) {
  if (spawn.kind == Spawn::Kind::kTask) return false;
  if (spawn.kind == Spawn::Kind::kGoroutine || IsDetached(spawn)) return true;
  const auto* handle = llvm::dyn_cast_or_null<clang::VarDecl>(spawn.handle);
  return handle == nullptr || !handle->hasLocalStorage() || isa<clang::CallExpr>(spawn.at);
}

}  // namespace

Findings CheckLocalOutlived(const Unit& unit) {
  Findings findings;
  for (const auto& body : unit.bodies) {
    for (const Spawn& spawn : body->spawns) {
      const Locals shared = SharedBy(spawn);
      if (shared.empty() || !MayOutlive(spawn)) continue;
      const bool leads_out = LeadsOut(
          unit, *body, spawn.at, [&](const clang::Stmt* stmt) { return MayWait(stmt, shared); },
          [&](const clang::VarDecl* var) {
            return DestructorMayWait(ClassOf(var->getType()), shared);
          });
      if (!leads_out) continue;
      std::string names;
      for (const clang::VarDecl* var : shared)
        names += (names.empty() ? "" : ", ") + Quote(var, "a local");
      findings.push_back({names,
                          {spawn.at, body.get(),
                           "starts what has " + names + " by reference, and a way leads out of " +
                               NameOf(*body) + " on which nothing waits for it"},
                          {}});
    }
  }
  return findings;
}

}  // namespace csan::audit
