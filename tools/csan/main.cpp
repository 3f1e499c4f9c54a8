// csan: the tool for what is around a run of tests. The first word is the command.
#include "commands.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include "output_file.h"
#include "outputs.h"

namespace csan::tool {

namespace {

struct Command {
  llvm::StringLiteral name;
  int (*run)(llvm::ArrayRef<const char*> args);
  llvm::StringLiteral help;
};

constexpr Command kCommands[] = {
#define CSAN_COMMAND(name, function, help) {name, function, help},
#include "commands.def"
#undef CSAN_COMMAND
};

int PrintCommands() {
  llvm::outs() << "usage: csan COMMAND [ARGUMENTS]\n\n";
  for (const Command& command : kCommands) {
    llvm::outs() << llvm::formatv("  {0,-10} {1}\n", command.name, command.help);
  }
  llvm::outs() << "\n'csan COMMAND --help' tells of its arguments.\n";
  return kClean;
}

int Main(llvm::ArrayRef<const char*> args) {
  if (args.empty()) {
    Say("what? 'csan --help' lists the commands.");
    return kToolError;
  }
  const llvm::StringRef word = args[0];
  if (word == "--help" || word == "-h" || word == "help") return PrintCommands();
  if (word == "--version") {
    llvm::outs() << "csan " << CSAN_VERSION << '\n';
    return kClean;
  }
  for (const Command& command : kCommands) {
    if (command.name == word) return command.run(args.drop_front());
  }
  Say("there is no command '" + word.str() + "'; 'csan --help' lists them.");
  return kToolError;
}

}  // namespace
}  // namespace csan::tool

int main(int argc, char** argv) {
  const int code = csan::tool::Main(llvm::ArrayRef<const char*>(argv, argc).drop_front());
  const std::error_code error = csan::tool::Finish(&llvm::outs());
  if (!error) return code;
  csan::tool::Say("cannot write to standard output: " + error.message() + ".");
  return csan::tool::kToolError;
}
