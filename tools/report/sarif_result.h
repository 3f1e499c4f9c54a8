// One finding as a result of SARIF: its place, the others that it is about, and for each actor the way
// there.
#pragma once

#include <string>

#include "format.h"
#include "llvm/Support/JSON.h"

namespace csan::report {

// `rule` is the index of its kind among the run's rules.
void PutSarifResult(const Report& report, const Entry& entry, size_t rule,
                    llvm::json::OStream& json);

// What RFC 3986 lets stand in a path stays, the rest becomes %XX.
std::string SarifUri(llvm::StringRef path);

llvm::StringRef SarifLevel(llvm::StringRef kind);

}  // namespace csan::report
