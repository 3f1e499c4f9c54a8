// What csan's exit code says; the greatest trouble but one wins: a tool that could not work says so first.
#pragma once

namespace csan::tool {

enum ExitCode : int {
  kClean = 0,
  kToolError = 1,   // a mistake on the command line, an output that cannot be written
  kFindings = 2,    // new ones
  kIncomplete = 4,  // no new findings, but not everything was run or could be read
};

}  // namespace csan::tool
