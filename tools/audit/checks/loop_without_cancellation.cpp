// An endless loop that a thread or goroutine runs, that waits, and that nothing leads out of; and a
// loop over a channel that is private to the unit and that nobody closes. Whoever runs it lives as long as
// the process. Silent where threads are cancelled by pthread_cancel. Misses: loops in functions of
// other units, and loops whose exit can never be taken.
#include "channels.h"
#include "finding.h"
#include "flow.h"
#include "llvm/ADT/STLExtras.h"
#include "loops.h"

namespace csan::audit {
namespace {

bool Waits(Operation operation) {
  switch (operation) {
    case Operation::kSend:
    case Operation::kReceive:
    case Operation::kSelect:
    case Operation::kBlock:
    case Operation::kConditionWait:
    case Operation::kTimedConditionWait:
    case Operation::kWaitAll:
      return true;
    default:
      return false;
  }
}

void CheckEndless(const Unit& unit, const Body& body, Findings* findings) {
  for (const clang::Stmt* loop : body.loops) {
    if (!IsEndless(unit, loop) || HasExit(loop)) continue;
    const auto wait = llvm::find_if(body.uses, [&](const Use& use) {
      return Waits(use.operation) && llvm::is_contained(use.within, loop);
    });
    if (wait == body.uses.end() || !RunsSpawned(unit, body)) continue;
    Found found = {wait->object != nullptr ? wait->object->getNameAsString() : "",
                   {loop, &body, "loops for ever: nothing leads out of this loop"},
                   {{wait->at, &body, "it waits here"}}};
    if (!body.spawned_by.empty()) {
      const Spawn& spawn = *body.spawned_by.front();
      found.others.push_back({spawn.at, spawn.in, "started here"});
    }
    findings->push_back(std::move(found));
  }
}

bool IsInCondition(const Use& use) {
  const clang::Stmt* loop = use.within.empty() ? nullptr : use.within.back();
  if (const auto* stmt = llvm::dyn_cast_or_null<clang::WhileStmt>(loop)) {
    const clang::Stmt* declared = stmt->getConditionVariableDeclStmt();
    return Holds(stmt->getCond(), use.at) || (declared != nullptr && Holds(declared, use.at));
  }
  return loop != nullptr && IsLoop(loop) && ConditionOf(loop) != nullptr &&
         Holds(ConditionOf(loop), use.at);
}

void CheckNeverClosed(const Unit& unit, Findings* findings) {
  for (const Channel& channel : ChannelsOf(unit)) {
    if (!channel.known || channel.Has(Operation::kClose)) continue;
    for (const ChannelUse& each : channel.uses) {
      const bool loops = each.use->operation == Operation::kRange ||
                         (each.use->operation == Operation::kReceive && IsInCondition(*each.use));
      if (!loops || !RunsSpawned(unit, *each.body)) continue;
      if (each.use->operation == Operation::kRange && HasExit(each.use->at)) continue;
      const std::string name = Quote(channel.decl, "a channel");
      Found found = {channel.decl->getNameAsString(),
                     {each.use->at, each.body, "loops over " + name + ", which nobody closes"},
                     {}};
      if (!each.body->spawned_by.empty()) {
        const Spawn& spawn = *each.body->spawned_by.front();
        found.others.push_back({spawn.at, spawn.in, "started here"});
      }
      findings->push_back(std::move(found));
    }
  }
}

}  // namespace

Findings CheckLoopWithoutCancellation(const Unit& unit) {
  Findings findings;
  if (!unit.cancels_threads) {
    for (const auto& body : unit.bodies) CheckEndless(unit, *body, &findings);
  }
  CheckNeverClosed(unit, &findings);
  return findings;
}

}  // namespace csan::audit
