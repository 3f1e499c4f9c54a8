#include "place.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

namespace csan::report {

using common::Finding;
using common::Frame;
using common::Stack;

bool IsOwn(const Frame& frame) {
  const llvm::StringRef file = frame.file;
  return !file.empty() && !file.starts_with("/usr/") && !file.contains("/include/c++/");
}

const Frame* InnermostOwn(const Stack& stack) {
  const Frame* any = nullptr;
  for (const Frame& frame : stack.frames) {
    if (IsOwn(frame)) return &frame;
    if (any == nullptr && !frame.file.empty()) any = &frame;
  }
  return any;
}

const Frame* PrimaryFrame(const Finding& finding) {
  const Frame* any = nullptr;
  const auto look = [&](const Stack& stack) -> const Frame* {
    const Frame* frame = InnermostOwn(stack);
    if (any == nullptr) any = frame;
    return frame != nullptr && IsOwn(*frame) ? frame : nullptr;
  };
  if (const Frame* frame = look(finding.now.stack)) return frame;
  if (const Frame* frame = look(finding.before.stack)) return frame;
  for (const common::Step& step : finding.steps) {
    if (const Frame* frame = look(step.stack)) return frame;
  }
  if (const Frame* frame = look(finding.object.allocated)) return frame;
  return any;
}

std::string ActorName(const Finding& finding, uint64_t actor) {
  if (actor == 0) return "main thread";
  std::string kind = "thread";
  std::string name;
  for (const common::Actor& one : finding.actors) {
    if (one.parent == actor) kind = one.parent_kind.str();
    if (one.id != actor) continue;
    kind = one.kind.str();
    if (!one.name.empty()) name = " '" + one.name.str() + "'";
    break;
  }
  return (kind + (kind == "thread" ? " T" : " ") + llvm::Twine(actor) + name).str();
}

}  // namespace csan::report
