// Prints the records of the files named, as tools/common has read them. Exits with 1 and a sentence for
// each that cannot be read.
#include "llvm/Support/raw_ostream.h"
#include "record_reader.h"
#include "record_writer.h"

int main(int argc, char** argv) {
  bool good = true;
  for (int i = 1; i < argc; i++) {
    const auto records = csan::common::ReadRecordFile(argv[i]);
    for (const auto& finding : records.findings)
      llvm::outs() << csan::common::ToJson(finding) << '\n';
    for (const auto& problem : records.problems) llvm::errs() << problem << '\n';
    good = good && records.problems.empty();
  }
  return good ? 0 : 1;
}
