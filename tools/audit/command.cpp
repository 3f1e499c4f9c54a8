#include "command.h"

#include "clang/Tooling/JSONCompilationDatabase.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"

namespace csan::audit {
namespace {

namespace cl = llvm::cl;
using clang::tooling::CommandLineArguments;
using clang::tooling::CompilationDatabase;
using clang::tooling::FixedCompilationDatabase;
using llvm::StringRef;

cl::OptionCategory category("Options");
cl::opt<std::string> build_dir("p", cl::desc("Folder that holds compile_commands.json"),
                               cl::value_desc("DIR"), cl::init("."), cl::cat(category));
cl::opt<std::string> format("format", cl::desc("text (the default), or json: records, one a line"),
                            cl::value_desc("FORMAT"), cl::init("text"), cl::cat(category));
cl::opt<unsigned> jobs("j",
                       cl::desc("Files at the same time; as many as there are CPUs if not given"),
                       cl::value_desc("N"), cl::init(0), cl::cat(category));
cl::list<std::string> files(cl::Positional, cl::desc("[FILE…] [-- COMPILER ARGUMENT…]"),
                            cl::cat(category));

llvm::Error Mistake(const llvm::Twine& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

// -fsanitize=address,concurrency without what only csan-clang knows; empty if nothing is left.
std::string WithoutOurs(StringRef argument) {
  if (argument.starts_with("-fsanitize-concurrency")) return "";
  StringRef list = argument;
  if (!list.consume_front("-fsanitize=") && !list.consume_front("-fno-sanitize="))
    return argument.str();
  llvm::SmallVector<StringRef, 4> names;
  list.split(names, ',');
  std::string left;
  for (const StringRef name : names) {
    if (name != "concurrency") left += (left.empty() ? "" : ",") + name.str();
  }
  return left.empty() ? "" : argument.drop_back(list.size()).str() + left;
}

}  // namespace

llvm::Expected<Command> ParseCommand(int argc, const char** argv) {
  std::string error;
  Command command;
  // Takes what is after "--" away from argv.
  command.database = FixedCompilationDatabase::loadFromCommandLine(argc, argv, error);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "csan audit: concurrency mistakes that the source shows, without a run.\n\n"
      "Looks at FILEs, or at all of compile_commands.json. Exits with 0 if it "
      "found nothing, 1 if it could\nnot start, 2 with findings, 4 if there are "
      "none but files that do not compile.\n");
  if (format != "text" && format != "json")
    return Mistake("-format is text or json, not '" + format + "'.");
  command.json = format == "json";
  command.jobs = jobs;
  command.files.assign(files.begin(), files.end());
  if (command.database == nullptr) {
    command.database = CompilationDatabase::loadFromDirectory(build_dir, error);
    if (command.database == nullptr &&
        llvm::sys::fs::exists(build_dir + "/compile_commands.json")) {
      return Mistake("'" + build_dir + "/compile_commands.json' is no list of compiler commands.");
    }
    if (command.database == nullptr) {
      return Mistake(
          "no compile_commands.json in '" + build_dir +
          "': name its folder with -p, or compiler arguments after '--'. CMake writes one with "
          "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON.");
    }
    if (command.files.empty()) command.files = command.database->getAllFiles();
  }
  for (const std::string& file : files) {
    if (!llvm::sys::fs::exists(file)) return Mistake("there is no file '" + file + "'.");
    if (llvm::sys::fs::is_directory(file)) {
      return Mistake("'" + file + "' is a folder: name files, or a folder's build with -p.");
    }
  }
  if (command.files.empty()) return Mistake("there are no files to look at.");
  for (const std::string& file : command.files) {
    for (const auto& compile : command.database->getCompileCommands(file)) {
      if (llvm::sys::fs::is_directory(compile.Directory)) continue;
      return Mistake("'" + file + "' is compiled in the folder '" + compile.Directory +
                     "', which is not there: build the project again.");
    }
  }
  return command;
}

CommandLineArguments Adjust(const CommandLineArguments& arguments, StringRef resource_dir,
                            StringRef include_dir) {
  CommandLineArguments adjusted;
  bool ours = false;
  for (const std::string& argument : arguments) {
    const std::string kept = WithoutOurs(argument);
    ours |= kept != argument;
    if (!kept.empty()) adjusted.push_back(kept);
  }
  auto at = adjusted.begin() + 1;
  std::vector<std::string> added = {"-resource-dir=" + resource_dir.str(), "-Wno-everything",
                                    "-Qunused-arguments"};
  if (ours) added.insert(added.end(), {"-isystem", include_dir.str()});
  adjusted.insert(at, added.begin(), added.end());
  return adjusted;
}

}  // namespace csan::audit
