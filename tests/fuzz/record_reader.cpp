// Each line of any text is a record, or a problem of one line that names where; what is read and
// written again reads as the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "record_reader.h"
#include "record_writer.h"

using csan::common::ReadRecords;
using csan::common::ToJson;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const llvm::StringRef text(reinterpret_cast<const char*>(data), size);
  const auto records = ReadRecords(text, "log");
  for (const llvm::StringRef problem : records.problems) {
    if (!problem.starts_with("log:") || problem.contains('\n')) abort();
  }
  for (const auto& finding : records.findings) {
    const std::string written = ToJson(finding);
    const auto again = ReadRecords(written, "log");
    if (again.findings.size() != 1 || ToJson(again.findings.front()) != written) abort();
  }
  return 0;
}
