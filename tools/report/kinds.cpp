#include "kinds.h"

#include <algorithm>

namespace csan::report {

using llvm::StringRef;

namespace {

constexpr Kind kKinds[] = {
#define CSAN_FINDING(id, name, title, silenced_by) {name, title, silenced_by},
#include "report/findings.def"
#undef CSAN_FINDING
};

struct Advice {
  llvm::StringLiteral part;  // of the kind's name
  llvm::StringLiteral text;
};

// The first whose part is in the name.
constexpr Advice kAdvice[] = {
#define CSAN_ADVICE(part, text) {part, text},
#include "advice.def"
#undef CSAN_ADVICE
};

}  // namespace

const Kind* FindKind(StringRef name) {
  const Kind* found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                   [&](const Kind& kind) { return kind.name == name; });
  return found == std::end(kKinds) ? nullptr : found;
}

std::string TitleOf(StringRef name) {
  if (const Kind* kind = FindKind(name)) return kind->title.str();
  std::string title = name.str();
  std::replace(title.begin(), title.end(), '-', ' ');
  return title;
}

bool IsNote(StringRef name) { return name.starts_with("possible-") || name == "lock-contention"; }

StringRef AdviceOf(StringRef name) {
  for (const Advice& advice : kAdvice) {
    if (name.contains(advice.part)) return advice.text;
  }
  return "";
}

}  // namespace csan::report
