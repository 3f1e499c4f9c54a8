// Prints the records of the files named, as tools/common has read them. Exits with 1 and one sentence
// if one cannot be read.
#include "llvm/Support/raw_ostream.h"
#include "record_reader.h"
#include "to_json.h"

int main(int argc, char** argv) {
  for (int i = 1; i < argc; i++) {
    auto findings = csan::common::ReadRecordFile(argv[i]);
    if (!findings) {
      llvm::errs() << llvm::toString(findings.takeError()) << '\n';
      return 1;
    }
    for (const auto& finding : *findings) llvm::outs() << csan::common::ToJson(finding) << '\n';
  }
  return 0;
}
