// A thread whose handle nobody looks at again: neither joined nor detached. And a goroutine or thread that
// waits on a channel that only it and the function that started it know, where a way leads out of
// that function on which the other side of the channel is never served: it waits for ever. Silent if anyone
// else has to do with the channel. Endless loops are loop-without-cancellation's.
#include "channels.h"
#include "finding.h"
#include "flow.h"
#include "llvm/ADT/STLExtras.h"

namespace csan::audit {
namespace {

using llvm::dyn_cast;
using llvm::dyn_cast_or_null;

// A pthread_create with attributes may make it detached.
bool MayBeDetached(const Spawn& spawn) {
  const auto* call = dyn_cast<clang::CallExpr>(spawn.at);
  if (call == nullptr || call->getNumArgs() != 4) return false;
  return call->getArg(1)->isNullPointerConstant(
             *const_cast<clang::ASTContext*>(&call->getCalleeDecl()->getASTContext()),
             clang::Expr::NPC_ValueDependentIsNotNull) == clang::Expr::NPCK_NotNull;
}

void CheckHandle(const Unit& unit, const Spawn& spawn, Findings* findings) {
  const auto* handle = dyn_cast_or_null<clang::VarDecl>(spawn.handle);
  if (spawn.grouped || handle == nullptr || !handle->hasLocalStorage() ||
      IsClass(handle->getType(), "jthread"))
    return;
  const bool posix = llvm::isa<clang::CallExpr>(spawn.at);
  if (llvm::isa<clang::ParmVarDecl>(handle) || handle->getType()->isPointerType()) return;
  if (unit.mentions.lookup(handle) != (posix ? 1 : 0) || MayBeDetached(spawn)) return;
  findings->push_back({handle->getNameAsString(),
                       {spawn.at, spawn.in,
                        "starts a thread that nobody joins or detaches: " +
                            Quote(handle, "its handle") + " is not looked at again"},
                       {}});
}

bool IsUnbuffered(const clang::ASTContext& context, const clang::ValueDecl* channel) {
  const auto* var = dyn_cast<clang::VarDecl>(channel);
  if (var == nullptr || var->getInit() == nullptr) return false;
  const auto* made = dyn_cast<clang::CallExpr>(var->getInit()->IgnoreUnlessSpelledInSource());
  const clang::FunctionDecl* callee = made != nullptr ? made->getDirectCallee() : nullptr;
  if (callee == nullptr || NameOf(callee) != "csan::MakeChan") return false;
  clang::Expr::EvalResult capacity;
  return made->getNumArgs() == 0 ||
         (made->getArg(0)->EvaluateAsInt(capacity, context) && capacity.Val.getInt().isZero());
}

// Whether this use waits until the other side does its part; sends into a buffer need not.
bool Waits(const Unit& unit, const ChannelUse& each, const Channel& channel) {
  if (IsConditional(each)) return false;
  const Operation operation = each.use->operation;
  if (operation == Operation::kSend) return IsUnbuffered(*unit.context, channel.decl);
  return operation == Operation::kReceive || operation == Operation::kRange;
}

bool Serves(Operation operation, const Use& waiting) {
  if (waiting.operation == Operation::kSend) {
    return operation == Operation::kReceive || operation == Operation::kRange;
  }
  return operation == Operation::kSend || operation == Operation::kClose;
}

void CheckChannel(const Unit& unit, const Channel& channel, const ChannelUse& each,
                  Findings* findings) {
  const Body* actor = ActorOf(*each.body);
  if (actor->spawned_by.size() != 1 || !Waits(unit, each, channel)) return;
  const Spawn& spawn = *actor->spawned_by.front();
  if (channel.decl->getDeclContext() != spawn.in->function) return;
  const bool others = llvm::any_of(channel.uses, [&](const ChannelUse& use) {
    return use.body != spawn.in && ActorOf(*use.body) != actor;
  });
  if (others) return;
  auto serves = [&](const clang::Stmt* stmt) {
    return llvm::any_of(channel.uses, [&](const ChannelUse& use) {
      return use.body == spawn.in && use.use->at == stmt && Serves(use.use->operation, *each.use);
    });
  };
  if (!LeadsOut(unit, *spawn.in, spawn.at, serves, [](const clang::VarDecl*) { return false; }))
    return;
  const bool sends = each.use->operation == Operation::kSend;
  const std::string name = Quote(channel.decl, "a channel");
  findings->push_back(
      {channel.decl->getNameAsString(),
       {spawn.at, spawn.in,
        "starts what may wait for ever: a way leads out of here on which nobody " +
            (sends ? "receives from " + name : "sends to " + name + " or closes it")},
       {{each.use->at, each.body, sends ? "it sends here" : "it receives here"}}});
}

}  // namespace

Findings CheckSpawnWithoutStop(const Unit& unit) {
  Findings findings;
  for (const auto& body : unit.bodies) {
    for (const Spawn& spawn : body->spawns) CheckHandle(unit, spawn, &findings);
  }
  for (const Channel& channel : ChannelsOf(unit)) {
    if (!channel.known) continue;
    for (const ChannelUse& each : channel.uses) CheckChannel(unit, channel, each, &findings);
  }
  return findings;
}

}  // namespace csan::audit
