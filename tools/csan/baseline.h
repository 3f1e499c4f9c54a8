// Which findings are known already: records of an earlier run, as `csan report --records=FILE` keeps them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "merge.h"

namespace csan::tool {

// A baseline that cannot be read whole is a mistake: its findings would be new.
absl::StatusOr<report::Merged> ReadBaseline(const std::vector<std::string>& paths);

// Marks what is in the baseline, by fingerprint, else by kind, object and functions: lines that were
// inserted into a function change the former only.
void MarkKnown(const report::Merged& baseline, report::Merged* merged);

// What is in the baseline and not in `merged`.
std::vector<const report::Entry*> Gone(const report::Merged& baseline,
                                       const report::Merged& merged);

}  // namespace csan::tool
