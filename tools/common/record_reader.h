// Reads the records that CSAN_OPTIONS=format=json writes: one JSON object a line.
//
// A record that cannot be read is an error of one sentence that begins with "NAME:LINE: ". Nothing
// is skipped silently: a report without one of its findings would look like a better program.
#pragma once

#include <vector>

#include "finding.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace csan::common {

// One record, without "NAME:LINE: " in its error.
llvm::Expected<Finding> ReadRecord(llvm::StringRef line);
// All records of a text; empty lines are allowed. `name` is for errors.
llvm::Expected<std::vector<Finding>> ReadRecords(llvm::StringRef text, llvm::StringRef name);
llvm::Expected<std::vector<Finding>> ReadRecordFile(llvm::StringRef path);

}  // namespace csan::common
