// What is known of a kind of finding. A kind that a newer runtime adds is shown by its name.
#pragma once

#include <string>

#include "llvm/ADT/StringRef.h"

namespace csan::report {

struct Kind {
  llvm::StringLiteral name;         // "data-race"
  llvm::StringLiteral title;        // "data race"
  llvm::StringLiteral silenced_by;  // the type of a suppression: "race"
};

const Kind* FindKind(llvm::StringRef name);
std::string TitleOf(llvm::StringRef name);
// A hint of what could happen, which fails no run: by its name, as the runtime's Fails() has it.
bool IsNote(llvm::StringRef name);
// What usually mends it, in sentences.
llvm::StringRef AdviceOf(llvm::StringRef name);

}  // namespace csan::report
