// csan-clang: clang 22, which also understands -fsanitize=concurrency. Rewrites the command line and
// becomes clang; never forks, so that signals, job servers and exit codes are clang's own (but to list
// what is not instrumented, when asked to).
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "command_line.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "model/Model.h"
#include "uninstrumented.h"

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

// For a command that was given in response files and is too long to be passed on without one: the
// arguments as a file that needs no name and no removal. Returns its name for clang.
std::string InMemory(const std::vector<std::string>& args) {
  std::string text;
  for (const std::string& a : args) {
    text += '"';
    for (const char c : a) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += "\"\n";
  }
  const int fd = memfd_create("csan-clang", 0);
  for (size_t done = 0; fd >= 0 && done < text.size();) {
    const ssize_t n = write(fd, text.data() + done, text.size() - done);
    if (n <= 0) return "";
    done += static_cast<size_t>(n);
  }
  return fd < 0 ? "" : "@/proc/self/fd/" + std::to_string(fd);
}

csan::driver::Installation Locate(llvm::StringRef binary) {
  llvm::StringRef prefix = llvm::sys::path::parent_path(llvm::sys::path::parent_path(binary));
  auto at = [&](const char* relative) { return (prefix + "/" + relative).str(); };
  return {at("lib/csan-pass.so"), at("lib/libclang_rt.concurrency-x86_64.a"),
          at("lib/libclang_rt.concurrency-x86_64.so"), at("share/csan/dynamic.list"),
          at("include")};
}

// Becomes front[0] with all these words; comes back only if it cannot.
void Become(const std::vector<std::string>& front, const std::vector<std::string>& args) {
  std::vector<char*> out;
  for (const std::vector<std::string>* words : {&front, &args}) {
    for (const std::string& a : *words) out.push_back(const_cast<char*>(a.c_str()));
  }
  out.push_back(nullptr);
  execv(out[0], out.data());
  if (errno != E2BIG) return;
  const std::string file = InMemory(args);
  out.resize(front.size());
  out.push_back(const_cast<char*>(file.c_str()));
  out.push_back(nullptr);
  execv(out[0], out.data());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string program = argv[0];
  const llvm::StringRef name = llvm::sys::path::filename(program);
  const std::string binary =
      llvm::sys::fs::getMainExecutable(argv[0], reinterpret_cast<void*>(&Locate));
  std::vector<std::string> args(argv + 1, argv + argc);
  std::vector<std::string> front;
  bool cxx = name.ends_with("++");
  if (name.ends_with("scan-deps")) {
    // Build systems scan for modules with "-- COMPILER ARGUMENTS…", as they would compile.
    const auto command = std::find(args.begin(), args.end(), "--");
    if (args.end() - command >= 2) {
      cxx = llvm::StringRef(command[1]).ends_with("++");
      front.assign(args.begin(), command + 1);
      args.erase(args.begin(), command + 2);
    } else {
      front.swap(args);
    }
    front.insert(front.begin(), std::string(CSAN_CLANG_DIR) + "/clang-scan-deps");
  }
  csan::driver::Result result = csan::driver::Rewrite(args, Locate(binary));
  if (!result.ok) return Fail(program, result.error);
  for (const std::string& file : result.needed) {
    if (!llvm::sys::fs::exists(file)) {
      return Fail(program,
                  "'" + file + "' is missing; -fsanitize=concurrency needs it: install CSan again");
    }
  }
  for (const std::string& file : result.models) {
    std::string mistake;
    csan::readModel(file, mistake);
    if (!mistake.empty()) return Fail(program, mistake);
  }
  const char* chosen = std::getenv("CSAN_CLANG");
  const std::string clang =
      chosen != nullptr ? chosen : std::string(CSAN_CLANG_DIR) + (cxx ? "/clang++" : "/clang");
  if (front.empty() || front.back() == "--") front.push_back(clang);
  if (chosen != nullptr && cxx) front.push_back("--driver-mode=g++");
  if (result.lists) {
    return csan::driver::RunAndList(name.str(), front[0], [&] { Become(front, result.args); });
  }
  Become(front, result.args);
  return Fail(program, "cannot run '" + front[0] + "': " + std::strerror(errno) +
                           "; set CSAN_CLANG to a clang 22");
}
