// What calls do, as far as checks ask: operations.def by the callee's name, and functions that wrap one.
#pragma once

#include <cstdint>
#include <string>

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"

namespace csan::audit {

enum class Operation : uint8_t {
  kNone,
  kLock,
  kUnlock,
  kGuard,  // a local whose life is that of a lock
  kConditionWait,
  kTimedConditionWait,
  kSend,
  kTrySend,  // does not wait, or only for a time, or as a case of a select
  kReceive,
  kTryReceive,
  kRange,  // receives until the channel is closed
  kClose,
  kSelect,
  kAdd,
  kDone,
  kWaitAll,
  kOnce,
  kJoin,
  kDetach,
  kBlock,
  kCallback,
  kOther,  // what is of no interest, about a channel
};

constexpr int kSelf = -1;    // the object whose method it is
constexpr int kNobody = -2;  // about no object

struct Meaning {
  Operation operation = Operation::kNone;
  int subject = kNobody;
};

// "std::thread::join": without template arguments and inline namespaces.
std::string NameOf(const clang::NamedDecl* decl);
Meaning MeaningOf(const clang::FunctionDecl* callee);
// The class of a value, looked for through references and pointers; null for others.
const clang::CXXRecordDecl* ClassOf(clang::QualType type);
bool IsClass(clang::QualType type, llvm::StringRef name);  // by the last part of its name
bool IsChannel(clang::QualType type);
bool IsThread(clang::QualType type);

// The variable or field that an expression names, through casts, `&`, `*`, subscripts, captures and
// references that are bound to one; null for others.
const clang::ValueDecl* ObjectOf(const clang::Expr* expr);
// The callee's argument that `meaning` is about, or the object of the method; null if there is none.
const clang::Expr* SubjectOf(const clang::CallExpr* call, const Meaning& meaning);

}  // namespace csan::audit
