#include "operations.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/StringMap.h"

namespace csan::audit {
namespace {

using llvm::dyn_cast;
using llvm::isa;

const llvm::StringMap<Meaning>& Table() {
  static const llvm::StringMap<Meaning> table = {
#define CSAN_OPERATION(name, operation, subject) {name, {Operation::operation, subject}},
#include "operations.def"
#undef CSAN_OPERATION
  };
  return table;
}

// The last parts of the table's names: most callees are told apart by them, without allocating.
const llvm::StringMap<bool>& LastParts() {
  static const llvm::StringMap<bool> parts = [] {
    llvm::StringMap<bool> made;
    for (const auto& entry : Table()) {
      const auto [before, last] = entry.getKey().rsplit("::");
      made[last.empty() ? before : last] = true;
    }
    return made;
  }();
  return parts;
}

const clang::VarDecl* BoundTo(const clang::VarDecl* var) {
  const bool by_reference = var->getType()->isReferenceType() || var->isInitCapture();
  if (!by_reference || isa<clang::ParmVarDecl>(var) || var->getInit() == nullptr) return nullptr;
  return var;
}

// A smart pointer's, an iterator's or a container's element is named by the whole.
const clang::Expr* Whole(const clang::CXXOperatorCallExpr* call) {
  switch (call->getOperator()) {
    case clang::OO_Star:
    case clang::OO_Arrow:
    case clang::OO_Subscript:
      return call->getArg(0);
    default:
      return nullptr;
  }
}

// std::ref(x) and std::move(x) name x.
const clang::Expr* PassedOn(const clang::CallExpr* call) {
  const clang::FunctionDecl* callee = call->getDirectCallee();
  if (callee == nullptr || call->getNumArgs() != 1 || !callee->isInStdNamespace()) return nullptr;
  const clang::IdentifierInfo* name = callee->getIdentifier();
  if (name == nullptr) return nullptr;
  const bool same = name->isStr("ref") || name->isStr("cref") || name->isStr("move");
  return same ? call->getArg(0) : nullptr;
}

const clang::Expr* Inner(const clang::Expr* expr) {
  expr = expr->IgnoreUnlessSpelledInSource();
  if (const auto* unary = dyn_cast<clang::UnaryOperator>(expr)) {
    const bool same =
        unary->getOpcode() == clang::UO_AddrOf || unary->getOpcode() == clang::UO_Deref;
    return same ? unary->getSubExpr() : nullptr;
  }
  if (const auto* element = dyn_cast<clang::ArraySubscriptExpr>(expr)) return element->getBase();
  if (const auto* call = dyn_cast<clang::CXXOperatorCallExpr>(expr)) return Whole(call);
  if (const auto* call = dyn_cast<clang::CallExpr>(expr)) return PassedOn(call);
  if (const auto* made = dyn_cast<clang::CXXConstructExpr>(expr)) {
    // One end of a channel is made of the whole.
    const bool same =
        made->getConstructor()->isCopyOrMoveConstructor() || IsChannel(made->getType());
    return same && made->getNumArgs() == 1 ? made->getArg(0) : nullptr;
  }
  if (const auto* cast = dyn_cast<clang::ExplicitCastExpr>(expr)) return cast->getSubExpr();
  return nullptr;
}

}  // namespace

std::string NameOf(const clang::NamedDecl* decl) {
  std::string name = decl->getDeclName().getAsString();
  for (const auto* context = decl->getDeclContext(); context != nullptr;
       context = context->getParent()) {
    if (const auto* space = dyn_cast<clang::NamespaceDecl>(context)) {
      if (space->isInline() || space->isAnonymousNamespace()) continue;
    }
    if (const auto* outer = dyn_cast<clang::FunctionDecl>(context)) {
      return outer->getNameAsString().append("::").append(name);
    }
    const auto* named = dyn_cast<clang::NamedDecl>(context);
    if (named == nullptr || named->getDeclName().isEmpty()) continue;
    name.insert(0, named->getDeclName().getAsString() + "::");
  }
  return name;
}

Meaning MeaningOf(const clang::FunctionDecl* callee) {
  if (callee == nullptr) return {};
  if (const auto* name = callee->getIdentifier()) {
    if (!LastParts().contains(name->getName())) return {};
  } else if (callee->getOverloadedOperator() != clang::OO_Call) {
    return {};
  }
  const auto found = Table().find(NameOf(callee));
  return found == Table().end() ? Meaning() : found->second;
}

const clang::CXXRecordDecl* ClassOf(clang::QualType type) {
  type = type.getNonReferenceType();
  if (type->isPointerType()) type = type->getPointeeType();
  return type->getAsCXXRecordDecl();
}

bool IsChannel(clang::QualType type) {
  const clang::CXXRecordDecl* record = ClassOf(type);
  if (record == nullptr || record->getIdentifier() == nullptr) return false;
  const llvm::StringRef name = record->getName();
  if (name.ends_with("Chan")) {
    const std::string whole = NameOf(record);
    return whole == "csan::Chan" || whole == "csan::SendChan" || whole == "csan::ReceiveChan";
  }
  return name.ends_with("buffered_channel") &&
         llvm::StringRef(NameOf(record)).starts_with("boost::fibers::");
}

bool IsClass(clang::QualType type, llvm::StringRef name) {
  const clang::CXXRecordDecl* record = ClassOf(type);
  return record != nullptr && record->getIdentifier() != nullptr && record->getName() == name;
}

bool IsThread(clang::QualType type) {
  return (IsClass(type, "thread") || IsClass(type, "jthread")) && ClassOf(type)->isInStdNamespace();
}

const clang::ValueDecl* ObjectOf(const clang::Expr* expr) {
  while (expr != nullptr) {
    expr = expr->IgnoreUnlessSpelledInSource();
    if (const auto* member = dyn_cast<clang::MemberExpr>(expr)) {
      return llvm::cast<clang::ValueDecl>(member->getMemberDecl()->getCanonicalDecl());
    }
    if (const auto* ref = dyn_cast<clang::DeclRefExpr>(expr)) {
      const auto* var = dyn_cast<clang::VarDecl>(ref->getDecl());
      if (var == nullptr) return nullptr;
      const clang::VarDecl* bound = BoundTo(var);
      const clang::ValueDecl* named = bound != nullptr ? ObjectOf(bound->getInit()) : nullptr;
      return named != nullptr ? named : var->getCanonicalDecl();
    }
    expr = Inner(expr);
  }
  return nullptr;
}

const clang::Expr* SubjectOf(const clang::CallExpr* call, const Meaning& meaning) {
  if (meaning.subject == kSelf) {
    const auto* method = dyn_cast<clang::CXXMemberCallExpr>(call);
    return method != nullptr ? method->getImplicitObjectArgument() : nullptr;
  }
  const bool given =
      meaning.subject >= 0 && static_cast<unsigned>(meaning.subject) < call->getNumArgs();
  return given ? call->getArg(static_cast<unsigned>(meaning.subject)) : nullptr;
}

}  // namespace csan::audit
