// The command line, and which files are looked at with which compiler arguments.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clang/Tooling/ArgumentsAdjusters.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/Support/Error.h"

namespace csan::audit {

struct Command {
  std::unique_ptr<clang::tooling::CompilationDatabase> database;
  std::vector<std::string> files;
  bool json = false;
  unsigned jobs = 0;  // 0: as many as there are CPUs
};

// An error is one sentence.
llvm::Expected<Command> ParseCommand(int argc, const char** argv);
// What csan-clang would have taken out or added before clang sees it.
clang::tooling::CommandLineArguments Adjust(const clang::tooling::CommandLineArguments& arguments,
                                            llvm::StringRef resource_dir,
                                            llvm::StringRef include_dir);

}  // namespace csan::audit
