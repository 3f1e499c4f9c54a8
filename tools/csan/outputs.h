// What the commands that report have in common: the checkout, the formats, the files they go to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "exit_code.h"
#include "format.h"
#include "llvm/Option/ArgList.h"

namespace csan::tool {

class Outputs {
 public:
  // Of the options; `format` is that of standard output if none is given. Mistakes come to light here,
  // before a long run: a baseline that cannot be read, a folder that is not there.
  static absl::StatusOr<Outputs> FromOptions(const llvm::opt::InputArgList& args,
                                             llvm::StringRef format);

  // Names frames that have no names, and marks what is in the files of --baseline.
  void Prepare(report::Merged* merged) const;

  // Writes everything asked for, and each problem and remark on standard error. `command` and
  // `complete` as in report::Report.
  absl::Status Write(const report::Merged& merged, const std::string& command, bool complete) const;

 private:
  struct Output {
    const report::Format* format;
    std::string file;  // "-": standard output
  };
  absl::Status Add(llvm::StringRef format, llvm::StringRef file);

  report::Paths paths_;
  std::optional<report::Merged> baseline_;
  std::vector<std::string> debug_folders_;
  std::vector<Output> outputs_;
  bool colour_ = false;
};

// Of what has been merged; `complete` is false if something did not run or could not be read.
ExitCode VerdictOf(const report::Merged& merged, bool complete);

// Prints "csan: <sentence>" on standard error.
void Say(const llvm::Twine& sentence);
int Fail(const absl::Status& status);

}  // namespace csan::tool
