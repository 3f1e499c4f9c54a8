// Reads the records that CSAN_OPTIONS=format=json writes: one JSON object a line.
//
// A record that cannot be read is a problem of one sentence that begins with "NAME:LINE: ", and costs
// none of the others. Whoever reads must show the problems: a report without one of its findings would
// look like a better program.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "finding.h"
#include "llvm/ADT/StringRef.h"

namespace csan::common {

struct Records {
  std::vector<Finding> findings;
  std::vector<std::string> problems;
  // What print_suppressions=1 says at exit: lines of suppressions files, and how often each matched.
  std::map<std::string, uint64_t> suppressions;
};
// All records of a text; empty lines are allowed. `name` is for problems.
Records ReadRecords(llvm::StringRef text, llvm::StringRef name);
Records ReadRecordFile(llvm::StringRef path);

}  // namespace csan::common
