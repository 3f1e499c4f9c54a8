// The rewriting of a command line: a pure function, so that every rule is a golden test.
//
// The user's arguments are forwarded as they are; a block is added in front where something is
// compiled and at the end where an executable is linked. Arguments of the linker are not read.
#pragma once

#include <string>
#include <vector>

namespace csan::driver {

struct Installation {
  std::string plugin;       // csan-pass.so
  std::string archive;      // the runtime
  std::string shared;       // the runtime as a shared library
  std::string exported;     // list of symbols that executables export
  std::string include_dir;  // public headers
};

struct Result {
  bool ok = true;
  std::string error;                // in clang's words, without "error: "
  std::vector<std::string> args;    // without argv[0]
  std::vector<std::string> needed;  // files that the command will want
  std::vector<std::string> models;  // files that say what functions of a library do
  bool lists = false;               // after a link, what was not compiled by us is to be named
};

// `args` without argv[0]. Response files are expanded for reading only; what is forwarded names them
// as the user did, unless the flag itself stands in one.
Result Rewrite(const std::vector<std::string>& args, const Installation& where);

}  // namespace csan::driver
