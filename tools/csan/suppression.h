// Suppressions that say whose they are, why, and until when: in comments, so that the files stay
// ThreadSanitizer's.
//
//   # csan: owner=ada expires=2027-03-31 fingerprint=51a1501dc1d0a95b reason=fixed by the new cache
//   race_top:^Worker::Run()$
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "llvm/ADT/StringRef.h"
#include "merge.h"

namespace csan::tool {

struct Suppression {
  std::string line;   // "race:^f$"
  std::string where;  // "FILE:12"
  std::string owner, reason, fingerprint;
  std::string expires;  // "2027-03-31", or empty
};

absl::StatusOr<std::vector<Suppression>> ReadSuppressions(const std::string& path);

bool IsDate(llvm::StringRef text);
std::string Today();  // "2027-01-31", UTC

// What is wrong with it from today on; empty if nothing is.
std::string Expired(const Suppression& suppression, llvm::StringRef today);

// The line that silences the finding and as few others of `all` as can be; empty if there is none.
// `others` is how many of these it silences too.
std::string NarrowestFor(const common::Finding& finding, const report::Merged& all, size_t* others);

// The comment and the line.
std::string TextOf(const Suppression& suppression);

}  // namespace csan::tool
