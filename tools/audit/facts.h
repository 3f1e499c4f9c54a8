// What a translation unit does, as far as checks ask: bodies (functions and lambdas), what each does in
// order, and what it spawns. Collected in one walk over the user's own code; system headers are not
// walked, and neither are templates, only what is made of them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/Stmt.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/DenseMap.h"
#include "operations.h"

namespace csan::audit {

struct Body;

// One operation in a body.
struct Use {
  Operation operation = Operation::kNone;
  const clang::Stmt* at = nullptr;           // the call, the guard's DeclStmt, the range-for
  const clang::ValueDecl* object = nullptr;  // what it is about; null if that has no name
  const clang::VarDecl* guard = nullptr;     // of kGuard: the local
  std::vector<const clang::Stmt*> within;    // loops, ifs and switches around it in its body
};

// Something that runs at the same time as the body that starts it.
struct Spawn {
  enum class Kind : uint8_t { kGoroutine, kThread, kTask };
  Kind kind = Kind::kThread;
  const clang::Expr* at = nullptr;
  const clang::Expr* callable = nullptr;
  std::vector<const clang::Expr*> arguments;  // of the callable, in order
  const clang::ValueDecl* handle = nullptr;   // the pthread_t or group that it can be waited for by
  bool grouped = false;                       // its group waits for it
  Body* in = nullptr;
  const Body* runs = nullptr;  // null if its code is not in this unit
  std::vector<const clang::Stmt*> within;
};

struct Call {
  const clang::CallExpr* at;
  const clang::FunctionDecl* callee;
};

struct Body {
  const clang::FunctionDecl* function = nullptr;  // of a lambda: its call operator
  const clang::LambdaExpr* lambda = nullptr;
  Body* outer = nullptr;                 // of a lambda: the body it is written in
  const clang::Stmt* once_of = nullptr;  // the kOnce call whose argument this lambda is
  std::vector<Use> uses;
  std::vector<Spawn> spawns;
  std::vector<Call> calls;  // of functions that this unit's user wrote
  std::vector<const clang::Stmt*> loops;
  std::vector<const Spawn*> spawned_by;
  mutable std::unique_ptr<clang::CFG> cfg;  // null until Flow() is asked
};

struct Unit {
  clang::ASTContext* context = nullptr;
  std::vector<std::unique_ptr<Body>> bodies;
  llvm::DenseMap<const clang::FunctionDecl*, Body*> by_function;  // by canonical declaration
  // How often a thread, pthread_t or channel is named, but for its captures.
  llvm::DenseMap<const clang::ValueDecl*, unsigned> mentions;
  // How many of those are the initialiser of a capture, under whose name uses are not listed.
  llvm::DenseMap<const clang::ValueDecl*, unsigned> captured;
  bool cancels_threads = false;  // pthread_cancel is called somewhere
  // Channels that reach a parameter by a call or a spawn.
  std::vector<std::pair<const clang::ValueDecl*, const clang::ParmVarDecl*>> passed;

  const Body* BodyOf(const clang::FunctionDecl* function) const;
};

// "Server::Run", or "lambda in Server::Run".
std::string NameOf(const Body& body);
// The body that runs at the same time as others: the spawned one around it, else the outermost.
const Body* ActorOf(const Body& body);
// Whether a spawn runs it, at once or through calls within the unit.
bool RunsSpawned(const Unit& unit, const Body& body);

std::unique_ptr<Unit> Collect(clang::ASTContext& context);

}  // namespace csan::audit
