// csan-audit: what README.md says. Each file is looked at by itself; several at the same time.
#include <mutex>

#include "clang/Frontend/FrontendActions.h"
#include "clang/Tooling/Tooling.h"
#include "command.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "report.h"

namespace {

using csan::audit::Command;
using csan::audit::Report;

class Consumer : public clang::ASTConsumer {
 public:
  explicit Consumer(Report* report) : report_(report) {}
  void HandleTranslationUnit(clang::ASTContext& context) override {
    if (context.getDiagnostics().hasErrorOccurred()) return;
    csan::audit::Add(*csan::audit::Collect(context), report_);
  }

 private:
  Report* report_;
};

class Action : public clang::ASTFrontendAction {
 public:
  explicit Action(Report* report) : report_(report) {}
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance&,
                                                        llvm::StringRef) override {
    return std::make_unique<Consumer>(report_);
  }

 private:
  Report* report_;
};

class Factory : public clang::tooling::FrontendActionFactory {
 public:
  explicit Factory(Report* report) : report_(report) {}
  std::unique_ptr<clang::FrontendAction> create() override {
    return std::make_unique<Action>(report_);
  }

 private:
  Report* report_;
};

// Where csan-clang's headers are: beside this program's folder.
std::string IncludeDir(const char* program) {
  const std::string self =
      llvm::sys::fs::getMainExecutable(program, reinterpret_cast<void*>(&IncludeDir));
  return (llvm::sys::path::parent_path(llvm::sys::path::parent_path(self)) + "/include").str();
}

bool Look(const Command& command, const std::string& file, const std::string& include_dir,
          Report* report) {
  if (!llvm::sys::fs::exists(file)) {
    llvm::errs()
        << "csan-audit: '" + file +
               "' of compile_commands.json is not there: build the project, which may make "
               "it, or configure it again.\n";
    return false;
  }
  clang::tooling::ClangTool tool(*command.database, {file},
                                 std::make_shared<clang::PCHContainerOperations>(),
                                 llvm::vfs::createPhysicalFileSystem());
  tool.setPrintErrorMessage(false);
  tool.appendArgumentsAdjuster([&](const auto& arguments, llvm::StringRef) {
    return csan::audit::Adjust(arguments, CSAN_RESOURCE_DIR, include_dir);
  });
  Factory factory(report);
  return tool.run(&factory) == 0;
}

}  // namespace

int main(int argc, const char** argv) {
  llvm::Expected<Command> command = csan::audit::ParseCommand(argc, argv);
  if (!command) {
    llvm::errs() << "csan-audit: error: " << llvm::toString(command.takeError()) << '\n';
    return 1;
  }
  const std::string include_dir = IncludeDir(argv[0]);
  std::mutex mutex;
  Report all;
  bool complete = true;
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(command->jobs));
  for (const std::string& file : command->files) {
    pool.async([&, file] {
      Report report;
      const bool compiled = Look(*command, file, include_dir, &report);
      const std::lock_guard lock(mutex);
      complete &= compiled;
      std::move(report.findings.begin(), report.findings.end(), std::back_inserter(all.findings));
      all.allowing.merge(report.allowing);
      all.matched.merge(report.matched);
    });
  }
  pool.wait();
  csan::audit::Sort(&all);
  command->json ? csan::audit::PutJson(all, llvm::outs()) : csan::audit::PutText(all, llvm::outs());
  if (!all.findings.empty()) return 2;
  return complete ? 0 : 4;
}
