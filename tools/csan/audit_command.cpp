// csan audit: becomes csan-audit, which is beside this program.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "commands.h"
#include "exit_code.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "outputs.h"

namespace csan::tool {

int AuditCommand(llvm::ArrayRef<const char*> args) {
  const std::string self =
      llvm::sys::fs::getMainExecutable(nullptr, reinterpret_cast<void*>(&AuditCommand));
  const std::string program = (llvm::sys::path::parent_path(self) + "/csan-audit").str();
  std::vector<char*> words = {const_cast<char*>(program.c_str())};
  for (const char* arg : args) words.push_back(const_cast<char*>(arg));
  words.push_back(nullptr);
  execv(program.c_str(), words.data());
  Say("cannot run '" + program + "': " + std::strerror(errno) + ".");
  return kToolError;
}

}  // namespace csan::tool
