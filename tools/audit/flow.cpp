#include "flow.h"

#include <map>

#include "clang/Analysis/Analyses/PostOrderCFGView.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "loops.h"

namespace csan::audit {
namespace {

using llvm::dyn_cast;
using llvm::isa;

// What a function that wraps one does to an object of its caller: one lock, one unlock, or kNone.
Operation EffectOf(const Unit& unit, const clang::FunctionDecl* callee, int depth = 0) {
  const Body* body = depth < 4 ? unit.BodyOf(callee) : nullptr;
  if (body == nullptr || !body->spawns.empty()) return Operation::kNone;
  Operation effect = Operation::kNone;
  auto join = [&](Operation operation) {
    if (operation != Operation::kLock && operation != Operation::kUnlock) return true;
    if (effect != Operation::kNone) return false;
    effect = operation;
    return true;
  };
  for (const Use& use : body->uses) {
    if (!use.within.empty() || !join(use.operation)) return Operation::kNone;
  }
  for (const Call& call : body->calls) {
    if (!join(EffectOf(unit, call.callee, depth + 1))) return Operation::kNone;
  }
  return effect;
}

using State = std::map<const clang::ValueDecl*, const Use*>;

// The uses of a body by their statement, those of wrappers included.
class Locks {
 public:
  Locks(const Unit& unit, const Body& body) {
    for (const Use& use : body.uses) uses_[use.at].push_back(&use);
    for (const Call& call : body.calls) {
      const Operation operation = EffectOf(unit, call.callee);
      const auto* method = dyn_cast<clang::CXXMemberCallExpr>(call.at);
      if (operation == Operation::kNone || method == nullptr) continue;
      Wrap(operation, call.at, ObjectOf(method->getImplicitObjectArgument()), nullptr);
    }
  }

  // A local of a class of the user's whose constructor locks and whose destructor unlocks.
  void AddGuards(const Unit& unit, const clang::DeclStmt* stmt) {
    for (const clang::Decl* decl : stmt->decls()) {
      const auto* var = dyn_cast<clang::VarDecl>(decl);
      const clang::CXXRecordDecl* record =
          var != nullptr ? var->getType()->getAsCXXRecordDecl() : nullptr;
      const auto* made = var != nullptr && var->getInit() != nullptr
                             ? dyn_cast<clang::CXXConstructExpr>(var->getInit()->IgnoreImplicit())
                             : nullptr;
      if (record == nullptr || !record->hasDefinition() || made == nullptr ||
          made->getNumArgs() == 0) {
        continue;
      }
      const clang::CXXDestructorDecl* destructor = record->getDestructor();
      if (destructor == nullptr || uses_.contains(stmt)) continue;
      if (EffectOf(unit, made->getConstructor()) == Operation::kLock &&
          EffectOf(unit, destructor) == Operation::kUnlock) {
        Wrap(Operation::kGuard, stmt, ObjectOf(made->getArg(0)), var);
      }
    }
  }

  const std::vector<const Use*>* At(const clang::Stmt* stmt) const {
    const auto found = uses_.find(stmt);
    return found == uses_.end() ? nullptr : &found->second;
  }

  static void Apply(const Use& use, State* state) {
    if (use.operation == Operation::kGuard) (*state)[use.guard] = &use;
    if (use.operation == Operation::kLock && use.object != nullptr) (*state)[use.object] = &use;
    if (use.operation == Operation::kUnlock && use.object != nullptr) state->erase(use.object);
    // An unlock of something without a name may be of anything.
    if (use.operation == Operation::kUnlock && use.object == nullptr) state->clear();
  }

 private:
  void Wrap(Operation operation, const clang::Stmt* at, const clang::ValueDecl* object,
            const clang::VarDecl* guard) {
    wrapped_.push_back(std::make_unique<Use>(Use{operation, at, object, guard, {}}));
    uses_[at].push_back(wrapped_.back().get());
  }

  std::map<const clang::Stmt*, std::vector<const Use*>> uses_;
  std::vector<std::unique_ptr<Use>> wrapped_;
};

void Transfer(const clang::CFGBlock& block, const Locks& locks, State* state,
              const std::function<void(const Use&, const State&)>& visit) {
  auto at = [&](const clang::Stmt* stmt) {
    const std::vector<const Use*>* uses = locks.At(stmt);
    if (uses == nullptr) return;
    for (const Use* use : *uses) {
      if (visit) visit(*use, *state);
      Locks::Apply(*use, state);
    }
  };
  for (const clang::CFGElement& element : block) {
    if (const auto stmt = element.getAs<clang::CFGStmt>()) {
      at(stmt->getStmt());
    } else if (const auto end = element.getAs<clang::CFGAutomaticObjDtor>()) {
      state->erase(end->getVarDecl());
    }
  }
  const clang::Stmt* terminator = block.getTerminatorStmt();
  if (terminator != nullptr && isa<clang::CXXForRangeStmt>(terminator)) at(terminator);
}

void Intersect(const State& with, State* state) {
  for (auto it = state->begin(); it != state->end();) {
    it = with.contains(it->first) ? std::next(it) : state->erase(it);
  }
}

}  // namespace

const clang::CFG* Flow(const Unit& unit, const Body& body) {
  if (body.cfg == nullptr) {
    clang::CFG::BuildOptions options;
    options.AddImplicitDtors = true;
    options.AddInitializers = true;
    options.setAllAlwaysAdd();
    body.cfg = clang::CFG::buildCFG(body.function, body.function->getBody(), unit.context, options);
  }
  return body.cfg.get();
}

void WalkHeld(const Unit& unit, const Body& body,
              const std::function<void(const Use&, const Held&)>& visit) {
  const clang::CFG* cfg = Flow(unit, body);
  if (cfg == nullptr) return;
  Locks locks(unit, body);
  for (const clang::CFGBlock* block : *cfg) {
    for (const clang::CFGElement& element : *block) {
      const auto stmt = element.getAs<clang::CFGStmt>();
      if (!stmt) continue;
      if (const auto* decls = dyn_cast<clang::DeclStmt>(stmt->getStmt()))
        locks.AddGuards(unit, decls);
    }
  }
  // Absent: not reached yet.
  std::map<const clang::CFGBlock*, State> before = {{&cfg->getEntry(), {}}};
  clang::PostOrderCFGView order(cfg);
  for (bool changed = true; changed;) {
    changed = false;
    for (const clang::CFGBlock* block : order) {
      const auto at = before.find(block);
      if (at == before.end()) continue;
      State state = at->second;
      Transfer(*block, locks, &state, nullptr);
      for (const clang::CFGBlock* next : block->succs()) {
        if (next == nullptr) continue;
        const auto [to, first] = before.try_emplace(next, state);
        const size_t size = to->second.size();
        Intersect(state, &to->second);
        changed |= first || to->second.size() != size;
      }
    }
  }
  for (const clang::CFGBlock* block : order) {
    const auto at = before.find(block);
    if (at == before.end()) continue;
    State state = at->second;
    Transfer(*block, locks, &state, [&](const Use& use, const State& held) {
      // The state is in the order of addresses, which differ from run to run.
      Held list;
      for (const auto& [lock, by] : held) list.push_back(by);
      llvm::sort(list, [](const Use* a, const Use* b) {
        return a->at->getBeginLoc() < b->at->getBeginLoc();
      });
      visit(use, list);
    });
  }
}

bool Holds(const clang::Stmt* outer, const clang::Stmt* inner) {
  if (outer == inner) return true;
  for (const clang::Stmt* child : outer->children()) {
    if (child != nullptr && Holds(child, inner)) return true;
  }
  return false;
}

bool LeadsOut(const Unit& unit, const Body& body, const clang::Stmt* from,
              const std::function<bool(const clang::Stmt*)>& stops,
              const std::function<bool(const clang::VarDecl*)>& stops_at_end_of) {
  const clang::CFG* cfg = Flow(unit, body);
  if (cfg == nullptr) return false;
  // Whether the block's elements from `begin` on let a way through.
  auto passes = [&](const clang::CFGBlock& block, size_t begin) {
    for (size_t i = begin; i < block.size(); i++) {
      if (const auto stmt = block[i].getAs<clang::CFGStmt>()) {
        if (stops(stmt->getStmt())) return false;
      } else if (const auto end = block[i].getAs<clang::CFGAutomaticObjDtor>()) {
        if (stops_at_end_of(end->getVarDecl())) return false;
      }
    }
    const clang::Stmt* terminator = block.getTerminatorStmt();
    return !IsLoop(terminator) || !AnyIn(terminator, stops);
  };
  std::vector<const clang::CFGBlock*> todo;
  for (const clang::CFGBlock* block : *cfg) {
    for (size_t i = 0; i < block->size(); i++) {
      const auto stmt = (*block)[i].getAs<clang::CFGStmt>();
      if (!stmt || stmt->getStmt() != from || !passes(*block, i + 1)) continue;
      for (const clang::CFGBlock* next : block->succs()) todo.push_back(next);
    }
  }
  llvm::SmallPtrSet<const clang::CFGBlock*, 16> seen;
  while (!todo.empty()) {
    const clang::CFGBlock* block = todo.back();
    todo.pop_back();
    if (block == nullptr || !seen.insert(block).second || block->hasNoReturnElement()) continue;
    if (block == &cfg->getExit()) return true;
    if (!passes(*block, 0)) continue;
    for (const clang::CFGBlock* next : block->succs()) todo.push_back(next);
  }
  return false;
}

}  // namespace csan::audit
