// WaitGroup::Add within a goroutine that the same group counts: Wait may run before it and return at
// once. A goroutine that adds before it starts another one is right, because it is counted itself until
// its own Done. Misses: groups that reach the goroutine as something other than a variable.
#include "clang/Basic/SourceManager.h"
#include "finding.h"

namespace csan::audit {
namespace {

bool Declares(const Body& body, const clang::ValueDecl* group) {
  return llvm::isa<clang::VarDecl>(group) && group->getDeclContext() == body.function;
}

bool StartsAnotherAfter(const Unit& unit, const Body& body, const Use& add) {
  const clang::SourceManager& sources = unit.context->getSourceManager();
  for (const Spawn& spawn : body.spawns) {
    if (sources.isBeforeInTranslationUnit(add.at->getBeginLoc(), spawn.at->getBeginLoc()))
      return true;
  }
  return false;
}

}  // namespace

Findings CheckAddInGoroutine(const Unit& unit) {
  Findings findings;
  for (const auto& body : unit.bodies) {
    if (body->spawned_by.empty()) continue;
    for (const Use& use : body->uses) {
      if (use.operation != Operation::kAdd || use.object == nullptr) continue;
      if (Declares(*body, use.object) || StartsAnotherAfter(unit, *body, use)) continue;
      const std::string name = Quote(use.object, "the group");
      const Spawn& spawn = *body->spawned_by.front();
      findings.push_back(
          {use.object->getNameAsString(),
           {use.at, body.get(),
            "adds to " + name + " only once it runs: Wait may have returned by then"},
           {{spawn.at, spawn.in, "the goroutine is started here"}}});
    }
  }
  return findings;
}

}  // namespace csan::audit
