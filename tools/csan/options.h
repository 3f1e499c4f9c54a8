// The options of csan's commands, from Options.td.
#pragma once

#include "absl/status/statusor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"

namespace csan::tool {

enum OptionId : unsigned {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "Options.inc"
#undef OPTION
};

enum CommandVisibility : unsigned {
  ReportVis = 1u << 1,
  RunVis = 1u << 2,
  DiffVis = 1u << 3,
  SuppressVis = 1u << 4,
};

// Arguments of a command, or what is wrong with them. A word that is no option of it is a mistake.
absl::StatusOr<llvm::opt::InputArgList> ParseOptions(llvm::ArrayRef<const char*> args,
                                                     unsigned visibility);
void PrintHelp(llvm::StringRef usage, llvm::StringRef title, unsigned visibility);

}  // namespace csan::tool
