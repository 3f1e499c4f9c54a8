// Any text either reads as records or is an error of one line that names where; what is read and
// written again reads as the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "record_reader.h"
#include "to_json.h"

using csan::common::ReadRecords;
using csan::common::ToJson;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const llvm::StringRef text(reinterpret_cast<const char*>(data), size);
  auto findings = ReadRecords(text, "log");
  if (!findings) {
    const std::string error = llvm::toString(findings.takeError());
    if (!llvm::StringRef(error).starts_with("log:")) abort();
    return 0;
  }
  for (const auto& finding : *findings) {
    const std::string written = ToJson(finding);
    auto again = ReadRecords(written, "log");
    if (!again || again->size() != 1 || ToJson(again->front()) != written) abort();
  }
  return 0;
}
