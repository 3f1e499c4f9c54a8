#include "channels.h"

#include <map>

#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"
#include "flow.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "loops.h"

namespace csan::audit {
namespace {

using llvm::dyn_cast;
using llvm::isa;

// Whether other units cannot name it.
bool IsPrivate(const Unit& unit, const clang::ValueDecl* decl) {
  if (const auto* var = dyn_cast<clang::VarDecl>(decl)) {
    return var->hasLocalStorage() || !var->isExternallyVisible();
  }
  const clang::SourceManager& sources = unit.context->getSourceManager();
  return sources.isInMainFile(sources.getExpansionLoc(decl->getLocation()));
}

bool IsLoopOver(const clang::Stmt* stmt, clang::SourceLocation place,
                const clang::SourceManager& sources) {
  return IsLoop(stmt) && !(sources.isBeforeInTranslationUnit(stmt->getBeginLoc(), place) &&
                           sources.isBeforeInTranslationUnit(place, stmt->getEndLoc()));
}

}  // namespace

bool IsSend(Operation operation) {
  return operation == Operation::kSend || operation == Operation::kTrySend;
}

bool IsReceive(Operation operation) {
  return operation == Operation::kReceive || operation == Operation::kTryReceive ||
         operation == Operation::kRange;
}

bool Channel::Has(Operation operation) const {
  return llvm::any_of(uses,
                      [&](const ChannelUse& each) { return each.use->operation == operation; });
}

std::vector<Channel> ChannelsOf(const Unit& unit) {
  std::map<const clang::ValueDecl*, std::vector<ChannelUse>> by_decl;
  std::map<const clang::ValueDecl*, std::vector<const clang::ParmVarDecl*>> passed;
  std::vector<const clang::ValueDecl*> order;
  for (const auto& body : unit.bodies) {
    for (const Use& use : body->uses) {
      if (use.object == nullptr || !IsChannel(use.object->getType())) continue;
      if (by_decl[use.object].empty()) order.push_back(use.object);
      by_decl[use.object].push_back({&use, body.get()});
    }
  }
  for (const auto& [object, parameter] : unit.passed) {
    if (by_decl[object].empty() && !llvm::is_contained(order, object)) order.push_back(object);
    passed[object].push_back(parameter);
  }
  std::vector<Channel> channels;
  for (const clang::ValueDecl* decl : order) {
    if (isa<clang::ParmVarDecl>(decl)) continue;
    Channel channel = {decl, {}, IsPrivate(unit, decl)};
    llvm::SmallPtrSet<const clang::ValueDecl*, 8> seen;
    std::vector<const clang::ValueDecl*> todo = {decl};
    while (!todo.empty()) {
      const clang::ValueDecl* at = todo.back();
      todo.pop_back();
      if (!seen.insert(at).second) continue;
      const auto& uses = by_decl[at];
      const auto& to = passed[at];
      channel.uses.insert(channel.uses.end(), uses.begin(), uses.end());
      todo.insert(todo.end(), to.begin(), to.end());
      const size_t listed = uses.size() + to.size() + unit.captured.lookup(at);
      if (unit.mentions.lookup(at) != listed) channel.known = false;
    }
    channels.push_back(std::move(channel));
  }
  return channels;
}

bool AtOnce(const Body* one, const Body* other) {
  return one != other && (!one->spawned_by.empty() || !other->spawned_by.empty());
}

bool WaitsBefore(const Unit& unit, const Body* actor, const clang::Stmt* place) {
  const clang::SourceManager& sources = unit.context->getSourceManager();
  return llvm::any_of(unit.bodies, [&](const auto& body) {
    return ActorOf(*body) == actor && llvm::any_of(body->uses, [&](const Use& use) {
             const bool waits =
                 use.operation == Operation::kWaitAll || use.operation == Operation::kJoin;
             return waits &&
                    sources.isBeforeInTranslationUnit(use.at->getBeginLoc(), place->getBeginLoc());
           });
  });
}

bool IsConditional(const ChannelUse& use) {
  if (use.body->once_of != nullptr) return true;
  return llvm::any_of(use.use->within, [&](const clang::Stmt* stmt) {
    const auto* branch = dyn_cast<clang::IfStmt>(stmt);
    if (branch == nullptr)
      return isa<clang::SwitchStmt>(stmt) || isa<clang::ConditionalOperator>(stmt);
    return Holds(branch->getThen(), use.use->at) ||
           (branch->getElse() != nullptr && Holds(branch->getElse(), use.use->at));
  });
}

bool IsStartedOften(const Body& actor, const Channel& channel, const Unit& unit) {
  if (!isa<clang::VarDecl>(channel.decl)) return false;
  const clang::SourceManager& sources = unit.context->getSourceManager();
  return actor.spawned_by.size() > 1 || llvm::any_of(actor.spawned_by, [&](const Spawn* spawn) {
           return llvm::any_of(spawn->within, [&](const clang::Stmt* stmt) {
             return IsLoopOver(stmt, channel.decl->getLocation(), sources);
           });
         });
}

}  // namespace csan::audit
