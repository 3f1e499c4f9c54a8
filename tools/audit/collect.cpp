#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "facts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace csan::audit {
namespace {

using llvm::cast;
using llvm::dyn_cast;
using llvm::isa;

struct SpawnShape {
  Spawn::Kind kind;
  int callable, handle, data;
};

const SpawnShape* ShapeOf(const clang::FunctionDecl* callee) {
  struct Row {
    const char* name;
    SpawnShape shape;
  };
  static const Row rows[] = {
#define CSAN_SPAWN(name, kind, callable, handle, data) \
  {name, {Spawn::Kind::kind, callable, handle, data}},
#include "spawns.def"
#undef CSAN_SPAWN
  };
  const auto* identifier = callee->getIdentifier();
  if (identifier == nullptr) return nullptr;
  for (const Row& row : rows) {
    const auto [before, last] = llvm::StringRef(row.name).rsplit("::");
    if (identifier->getName() == (last.empty() ? before : last) && NameOf(callee) == row.name) {
      return &row.shape;
    }
  }
  return nullptr;
}

bool IsGuard(const clang::CXXRecordDecl* record) {
  const auto* name = record != nullptr ? record->getIdentifier() : nullptr;
  if (name == nullptr) return false;
  if (record->isInStdNamespace()) {
    return llvm::StringSwitch<bool>(name->getName())
        .Cases({"lock_guard", "unique_lock", "scoped_lock", "shared_lock"}, true)
        .Default(false);
  }
  return llvm::StringSwitch<bool>(NameOf(record))
      .Cases({"absl::MutexLock", "absl::ReaderMutexLock", "absl::WriterMutexLock",
              "boost::unique_lock", "boost::lock_guard"},
             true)
      .Default(false);
}

// Names of functions through which containers and smart pointers make what they hold.
bool MakesElement(const clang::FunctionDecl* callee) {
  const auto* name = callee->getIdentifier();
  return name != nullptr && llvm::StringSwitch<bool>(name->getName())
                                .Cases({"emplace_back", "emplace_front", "emplace"}, true)
                                .Cases({"make_unique", "make_shared"}, true)
                                .Default(false);
}

bool HasThreadArgument(const clang::TemplateArgumentList* list) {
  if (list == nullptr) return false;
  return llvm::any_of(list->asArray(), [](const clang::TemplateArgument& argument) {
    return argument.getKind() == clang::TemplateArgument::Type &&
           !argument.getAsType()->isPointerType() && IsThread(argument.getAsType());
  });
}

// What `make_unique<std::thread>` or a container of threads makes is a thread.
bool MakesThread(const clang::CallExpr* call, const clang::FunctionDecl* callee) {
  if (call->getNumArgs() == 0 || !callee->isInStdNamespace() || !MakesElement(callee)) return false;
  if (IsThread(call->getArg(0)->getType())) return false;  // moved in
  if (HasThreadArgument(callee->getTemplateSpecializationArgs()) &&
      !isa<clang::CXXMethodDecl>(callee)) {
    return true;
  }
  const auto* container =
      dyn_cast<clang::ClassTemplateSpecializationDecl>(callee->getDeclContext());
  return container != nullptr && HasThreadArgument(&container->getTemplateArgs());
}

// NOLINTBEGIN(bugprone-derived-method-shadowing-base-method): how a RecursiveASTVisitor is told.
class Collector : public clang::RecursiveASTVisitor<Collector> {
 public:
  explicit Collector(Unit* unit) : unit_(unit) {}

  bool shouldVisitTemplateInstantiations() const { return true; }

  bool TraverseFunctionDecl(clang::FunctionDecl* decl) {
    return InFunction(decl, &Base::TraverseFunctionDecl);
  }
  bool TraverseCXXMethodDecl(clang::CXXMethodDecl* decl) {
    return InFunction(decl, &Base::TraverseCXXMethodDecl);
  }
  bool TraverseCXXConstructorDecl(clang::CXXConstructorDecl* decl) {
    return InFunction(decl, &Base::TraverseCXXConstructorDecl);
  }
  bool TraverseCXXDestructorDecl(clang::CXXDestructorDecl* decl) {
    return InFunction(decl, &Base::TraverseCXXDestructorDecl);
  }
  bool TraverseCXXConversionDecl(clang::CXXConversionDecl* decl) {
    return InFunction(decl, &Base::TraverseCXXConversionDecl);
  }

  bool TraverseLambdaExpr(clang::LambdaExpr* lambda) {
    if (lambda->getCallOperator()->isDependentContext()) return true;
    Body* body = New(lambda->getCallOperator());
    body->lambda = lambda;
    body->once_of = once_;
    body->outer = body_;
    for (unsigned i = 0; i < lambda->capture_size(); i++) {
      const clang::LambdaCapture& capture = lambda->capture_begin()[i];
      if (!lambda->isInitCapture(&capture)) continue;
      TraverseStmt(lambda->capture_init_begin()[i]);
      const clang::ValueDecl* object = ObjectOf(lambda->capture_init_begin()[i]);
      if (object != nullptr && IsChannel(object->getType())) unit_->captured[object]++;
    }
    return Within(body, [&] { return TraverseStmt(lambda->getBody()); });
  }

  bool TraverseIfStmt(clang::IfStmt* stmt) { return Around(stmt, &Base::TraverseIfStmt); }
  bool TraverseSwitchStmt(clang::SwitchStmt* stmt) {
    return Around(stmt, &Base::TraverseSwitchStmt);
  }
  bool TraverseConditionalOperator(clang::ConditionalOperator* stmt) {
    return Around(stmt, &Base::TraverseConditionalOperator);
  }
  bool TraverseWhileStmt(clang::WhileStmt* stmt) { return Loop(stmt, &Base::TraverseWhileStmt); }
  bool TraverseDoStmt(clang::DoStmt* stmt) { return Loop(stmt, &Base::TraverseDoStmt); }
  bool TraverseForStmt(clang::ForStmt* stmt) { return Loop(stmt, &Base::TraverseForStmt); }
  bool TraverseCXXForRangeStmt(clang::CXXForRangeStmt* stmt) {
    return Loop(stmt, &Base::TraverseCXXForRangeStmt);
  }

  bool TraverseCallExpr(clang::CallExpr* call) { return InCall(call, &Base::TraverseCallExpr); }
  bool TraverseCXXMemberCallExpr(clang::CXXMemberCallExpr* call) {
    return InCall(call, &Base::TraverseCXXMemberCallExpr);
  }

  bool VisitCallExpr(clang::CallExpr* call) {
    const clang::FunctionDecl* callee = call->getDirectCallee();
    if (body_ == nullptr || call->isTypeDependent()) return true;
    if (callee == nullptr) {
      AddFunctionPointer(call);
      return true;
    }
    if (const Meaning meaning = MeaningOf(callee); meaning.operation != Operation::kNone) {
      if (meaning.operation == Operation::kSelect && HasDefault(call)) return true;
      Add(meaning.operation, call, ObjectOf(SubjectOf(call, meaning)));
    } else if (const SpawnShape* shape = ShapeOf(callee)) {
      AddSpawn(call, *shape);
    } else if (MakesThread(call, callee)) {
      Spawn spawn = NewSpawn(Spawn::Kind::kThread, call, call->getArg(0));
      for (unsigned i = 1; i < call->getNumArgs(); i++) spawn.arguments.push_back(call->getArg(i));
      body_->spawns.push_back(spawn);
    } else if (callee->isInStdNamespace() && callee->getIdentifier() != nullptr &&
               callee->getName() == "async" && call->getNumArgs() > 0) {
      AddAsync(call);
    } else {
      AddCall(call, callee);
    }
    return true;
  }

  bool VisitCXXConstructExpr(clang::CXXConstructExpr* made) {
    const clang::CXXConstructorDecl* constructor = made->getConstructor();
    if (body_ == nullptr || made->getNumArgs() == 0 || constructor->isCopyOrMoveConstructor())
      return true;
    if (!IsThread(made->getType())) return true;
    Spawn spawn = NewSpawn(Spawn::Kind::kThread, made, made->getArg(0));
    spawn.handle = handles_.lookup(made);
    for (unsigned i = 1; i < made->getNumArgs(); i++) spawn.arguments.push_back(made->getArg(i));
    body_->spawns.push_back(spawn);
    return true;
  }

  bool VisitDeclStmt(clang::DeclStmt* stmt) {
    for (const clang::Decl* decl : stmt->decls()) {
      const auto* var = dyn_cast<clang::VarDecl>(decl);
      if (body_ == nullptr || var == nullptr || !var->hasLocalStorage()) continue;
      const auto* made = var->getInit() == nullptr
                             ? nullptr
                             : dyn_cast<clang::CXXConstructExpr>(var->getInit()->IgnoreImplicit());
      if (made == nullptr || made->getNumArgs() == 0) continue;
      if (IsThread(var->getType())) handles_[made] = var;
      if (IsGuard(var->getType()->getAsCXXRecordDecl()) && !IsDeferred(made)) {
        Add(Operation::kGuard, stmt, ObjectOf(made->getArg(0)));
        body_->uses.back().guard = var;
      }
    }
    return true;
  }

  bool VisitCXXForRangeStmt(clang::CXXForRangeStmt* stmt) {
    if (body_ == nullptr || stmt->getRangeInit() == nullptr) return true;
    if (IsChannel(stmt->getRangeInit()->getType())) {
      Add(Operation::kRange, stmt, ObjectOf(stmt->getRangeInit()));
    }
    return true;
  }

  bool VisitDeclRefExpr(clang::DeclRefExpr* ref) { return Mention(ref->getDecl()); }
  bool VisitMemberExpr(clang::MemberExpr* member) { return Mention(member->getMemberDecl()); }

 private:
  using Base = clang::RecursiveASTVisitor<Collector>;

  Body* New(const clang::FunctionDecl* function) {
    unit_->bodies.push_back(std::make_unique<Body>());
    Body* body = unit_->bodies.back().get();
    body->function = function;
    unit_->by_function[function->getCanonicalDecl()] = body;
    return body;
  }

  template <typename Walk>
  bool Within(Body* body, Walk walk) {
    Body* const outer_body = body_;
    const clang::Stmt* const outer_once = once_;
    std::vector<const clang::Stmt*> outer_within;
    outer_within.swap(within_);
    body_ = body;
    once_ = nullptr;
    const bool more = walk();
    body_ = outer_body;
    once_ = outer_once;
    within_.swap(outer_within);
    return more;
  }

  template <typename Function, typename Traverse>
  bool InFunction(Function* decl, Traverse traverse) {
    if (!decl->isThisDeclarationADefinition() || decl->isDependentContext() || !decl->hasBody()) {
      return true;
    }
    return Within(New(decl), [&] { return (this->*traverse)(decl); });
  }

  template <typename Statement, typename Traverse>
  bool Around(Statement* stmt, Traverse traverse) {
    within_.push_back(stmt);
    const bool more = (this->*traverse)(stmt, nullptr);
    within_.pop_back();
    return more;
  }

  template <typename Statement, typename Traverse>
  bool Loop(Statement* stmt, Traverse traverse) {
    if (body_ != nullptr) body_->loops.push_back(stmt);
    return Around(stmt, traverse);
  }

  template <typename Expression, typename Traverse>
  bool InCall(Expression* call, Traverse traverse) {
    const bool once = MeaningOf(call->getDirectCallee()).operation == Operation::kOnce;
    const clang::Stmt* const outer = once_;
    if (once) once_ = call;
    const bool more = (this->*traverse)(call, nullptr);
    once_ = outer;
    return more;
  }

  // std::unique_lock lock(mutex, std::defer_lock) holds nothing, and who adopts a lock has not taken it.
  static bool IsDeferred(const clang::CXXConstructExpr* made) {
    for (const clang::Expr* argument : llvm::drop_begin(made->arguments())) {
      const auto* record = argument->getType()->getAsCXXRecordDecl();
      if (record == nullptr || record->getIdentifier() == nullptr) continue;
      const llvm::StringRef name = record->getName();
      if (name == "defer_lock_t" || name == "try_to_lock_t" || name == "adopt_lock_t") return true;
    }
    return made->getConstructor()->isCopyOrMoveConstructor();
  }

  void Add(Operation operation, const clang::Stmt* at, const clang::ValueDecl* object) {
    body_->uses.push_back({operation, at, object, nullptr, within_});
  }

  Spawn NewSpawn(Spawn::Kind kind, const clang::Expr* at, const clang::Expr* callable) const {
    Spawn spawn;
    spawn.kind = kind;
    spawn.at = at;
    spawn.callable = callable;
    spawn.in = body_;
    spawn.within = within_;
    return spawn;
  }

  // A select with a default does not wait.
  static bool HasDefault(const clang::CallExpr* call) {
    return llvm::any_of(call->arguments(), [](const clang::Expr* argument) {
      return IsClass(argument->getType(), "DefaultCase");
    });
  }

  void AddSpawn(const clang::CallExpr* call, SpawnShape shape) {
    // csan::go(csan::Named("name"), f)
    if (call->getNumArgs() > 1 && IsClass(call->getArg(0)->getType(), "Named")) shape.callable = 1;
    if (static_cast<unsigned>(shape.callable) >= call->getNumArgs()) return;
    Spawn spawn = NewSpawn(shape.kind, call, call->getArg(static_cast<unsigned>(shape.callable)));
    const clang::Expr* handle = SubjectOf(call, {Operation::kNone, shape.handle});
    spawn.handle = handle == nullptr ? nullptr : ObjectOf(handle);
    spawn.grouped = shape.handle == kSelf;
    const int first = shape.data >= 0 ? shape.data : shape.callable + 1;
    for (unsigned i = static_cast<unsigned>(first); i < call->getNumArgs(); i++) {
      spawn.arguments.push_back(call->getArg(i));
    }
    body_->spawns.push_back(spawn);
  }

  void AddCall(clang::CallExpr* call, const clang::FunctionDecl* callee) {
    if (const auto* name = callee->getIdentifier()) {
      unit_->cancels_threads |= name->isStr("pthread_cancel") || name->isStr("pthread_kill");
    }
    body_->calls.push_back({call, callee->getCanonicalDecl()});
    const auto* method = dyn_cast<clang::CXXMemberCallExpr>(call);
    if (method == nullptr || !IsChannel(method->getImplicitObjectArgument()->getType())) return;
    Add(Operation::kOther, call, ObjectOf(method->getImplicitObjectArgument()));
  }

  void AddAsync(const clang::CallExpr* call) {
    const auto* policy = call->getArg(0)->getType()->getAs<clang::EnumType>();
    const unsigned callable = policy != nullptr ? 1 : 0;
    if (callable >= call->getNumArgs()) return;
    Spawn spawn = NewSpawn(Spawn::Kind::kTask, call, call->getArg(callable));
    for (unsigned i = callable + 1; i < call->getNumArgs(); i++) {
      spawn.arguments.push_back(call->getArg(i));
    }
    body_->spawns.push_back(spawn);
  }

  // Function pointers are callbacks if they are kept by a name that says so: tables of functions, which
  // C programs have for other reasons, are not.
  void AddFunctionPointer(const clang::CallExpr* call) {
    const clang::ValueDecl* object = ObjectOf(call->getCallee());
    if (object == nullptr || object->getIdentifier() == nullptr || isa<clang::ParmVarDecl>(object))
      return;
    const std::string name = object->getName().lower();
    for (const char* word : {"callback", "listener", "observer"}) {
      if (llvm::StringRef(name).contains(word)) Add(Operation::kCallback, call, object);
    }
  }

  bool Mention(const clang::ValueDecl* decl) {
    const clang::QualType type = decl->getType();
    if (isa<clang::FunctionDecl>(decl)) return true;
    if (IsThread(type) || IsChannel(type) || IsPthread(type)) {
      unit_->mentions[cast<clang::ValueDecl>(decl->getCanonicalDecl())]++;
    }
    return true;
  }

  static bool IsPthread(clang::QualType type) {
    const auto* name = type->getAs<clang::TypedefType>();
    return name != nullptr && name->getDecl()->getName() == "pthread_t";
  }

  Unit* unit_;
  llvm::DenseMap<const clang::CXXConstructExpr*, const clang::VarDecl*> handles_;
  Body* body_ = nullptr;
  const clang::Stmt* once_ = nullptr;
  std::vector<const clang::Stmt*> within_;
};

// NOLINTEND(bugprone-derived-method-shadowing-base-method)

// The function or lambda that a callable is; null if the unit does not show it.
const Body* Resolve(const Unit& unit, const clang::Expr* callable) {
  for (int depth = 0; callable != nullptr && depth < 8; depth++) {
    callable = callable->IgnoreUnlessSpelledInSource();
    if (const auto* lambda = dyn_cast<clang::LambdaExpr>(callable)) {
      return unit.BodyOf(lambda->getCallOperator());
    }
    if (const auto* unary = dyn_cast<clang::UnaryOperator>(callable)) {
      callable = unary->getSubExpr();
    } else if (const auto* ref = dyn_cast<clang::DeclRefExpr>(callable)) {
      if (const auto* function = dyn_cast<clang::FunctionDecl>(ref->getDecl())) {
        return unit.BodyOf(function);
      }
      const auto* var = dyn_cast<clang::VarDecl>(ref->getDecl());
      callable = var != nullptr ? var->getInit() : nullptr;
    } else if (const auto* made = dyn_cast<clang::CXXConstructExpr>(callable)) {
      callable = made->getNumArgs() == 1 ? made->getArg(0) : nullptr;
    } else if (const auto* call = dyn_cast<clang::CallExpr>(callable)) {
      // std::bind(&Server::Run, this), std::move(f)
      callable = call->getNumArgs() > 0 ? call->getArg(0) : nullptr;
    } else if (const auto* cast = dyn_cast<clang::ExplicitCastExpr>(callable)) {
      callable = cast->getSubExpr();
    } else {
      return nullptr;
    }
  }
  return nullptr;
}

void Pass(Unit* unit, const clang::Expr* argument, const clang::FunctionDecl* callee, unsigned i) {
  if (i >= callee->getNumParams() || !IsChannel(callee->getParamDecl(i)->getType())) return;
  const Body* body = unit->BodyOf(callee);
  const clang::ValueDecl* object = ObjectOf(argument);
  if (body == nullptr || object == nullptr) return;
  unit->passed.emplace_back(object, body->function->getParamDecl(i));
}

void Connect(Unit* unit) {
  for (const auto& body : unit->bodies) {
    for (Spawn& spawn : body->spawns) {
      spawn.runs = Resolve(*unit, spawn.callable);
      if (spawn.runs == nullptr) continue;
      const_cast<Body*>(spawn.runs)->spawned_by.push_back(&spawn);
      for (unsigned i = 0; i < spawn.arguments.size(); i++) {
        Pass(unit, spawn.arguments[i], spawn.runs->function, i);
      }
    }
    for (const Call& call : body->calls) {
      for (unsigned i = 0; i < call.at->getNumArgs(); i++) {
        Pass(unit, call.at->getArg(i), call.callee, i);
      }
    }
  }
}

// Our own headers are not what is looked at.
bool IsOurs(llvm::StringRef file) { return file.contains("include/csan/"); }

}  // namespace

const Body* Unit::BodyOf(const clang::FunctionDecl* function) const {
  const auto found = by_function.find(function->getCanonicalDecl());
  return found == by_function.end() ? nullptr : found->second;
}

std::string NameOf(const Body& body) {
  const Body* named = &body;
  while (named->outer != nullptr) named = named->outer;
  std::string name = named->lambda != nullptr ? "" : NameOf(named->function);
  if (body.lambda == nullptr) return name;
  return name.empty() ? "lambda" : "lambda in " + name;
}

const Body* ActorOf(const Body& body) {
  const Body* actor = &body;
  while (actor->spawned_by.empty() && actor->outer != nullptr) actor = actor->outer;
  return actor;
}

bool RunsSpawned(const Unit& unit, const Body& body) {
  std::vector<const Body*> todo;
  llvm::DenseMap<const Body*, bool> seen;
  for (const auto& each : unit.bodies) {
    if (!each->spawned_by.empty()) todo.push_back(each.get());
  }
  while (!todo.empty()) {
    const Body* at = todo.back();
    todo.pop_back();
    if (at == &body) return true;
    if (!seen.try_emplace(at, true).second) continue;
    for (const Call& call : at->calls) {
      if (const Body* callee = unit.BodyOf(call.callee)) todo.push_back(callee);
    }
  }
  return false;
}

std::unique_ptr<Unit> Collect(clang::ASTContext& context) {
  auto unit = std::make_unique<Unit>();
  unit->context = &context;
  Collector collector(unit.get());
  const clang::SourceManager& sources = context.getSourceManager();
  std::vector<clang::Decl*> scope;
  for (clang::Decl* decl : context.getTranslationUnitDecl()->decls()) {
    const clang::SourceLocation at = sources.getExpansionLoc(decl->getLocation());
    if (!sources.isInSystemHeader(at) && !IsOurs(sources.getFilename(at))) scope.push_back(decl);
  }
  for (clang::Decl* decl : scope) collector.TraverseDecl(decl);
  Connect(unit.get());
  return unit;
}

}  // namespace csan::audit
