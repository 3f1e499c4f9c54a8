// csan-clang: clang 22, which also understands -fsanitize=concurrency. Rewrites the command line and
// becomes clang; never forks, so that signals, job servers and exit codes are clang's own.
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "command_line.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace {

// Only there to be hashed with this binary by compiler caches.
[[gnu::used]] const char plugin_hash[] =
#include "plugin_hash.inc"
    ;

constexpr int kToolError = 1;

int Fail(const std::string& program, const std::string& message) {
  llvm::errs() << llvm::sys::path::filename(program) << ": error: " << message << '\n';
  return kToolError;
}

csan::driver::Installation Locate(llvm::StringRef binary) {
  llvm::StringRef prefix = llvm::sys::path::parent_path(llvm::sys::path::parent_path(binary));
  auto at = [&](const char* relative) { return (prefix + "/" + relative).str(); };
  return {at("lib/csan-pass.so"), at("lib/libclang_rt.concurrency-x86_64.a"),
          at("lib/libclang_rt.concurrency-x86_64.so"), at("share/csan/dynamic.list"),
          at("include")};
}

}  // namespace

int main(int argc, char** argv) {
  const std::string program = argv[0];
  const bool cxx = llvm::sys::path::filename(program).ends_with("++");
  const std::string binary =
      llvm::sys::fs::getMainExecutable(argv[0], reinterpret_cast<void*>(&Locate));
  const csan::driver::Result result =
      csan::driver::Rewrite(std::vector<std::string>(argv + 1, argv + argc), Locate(binary));
  if (!result.ok) return Fail(program, result.error);
  for (const std::string& file : result.needed) {
    if (!llvm::sys::fs::exists(file)) {
      return Fail(program,
                  "'" + file + "' is missing; -fsanitize=concurrency needs it: install CSan again");
    }
  }
  const char* chosen = std::getenv("CSAN_CLANG");
  const std::string clang =
      chosen != nullptr ? chosen : std::string(CSAN_CLANG_DIR) + (cxx ? "/clang++" : "/clang");
  std::vector<char*> out = {const_cast<char*>(clang.c_str())};
  if (chosen != nullptr && cxx) out.push_back(const_cast<char*>("--driver-mode=g++"));
  for (const std::string& a : result.args) out.push_back(const_cast<char*>(a.c_str()));
  out.push_back(nullptr);
  execv(clang.c_str(), out.data());
  return Fail(program, "cannot run '" + clang + "': " + std::strerror(errno) +
                           "; set CSAN_CLANG to a clang 22");
}
