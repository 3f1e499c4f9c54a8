// Any arguments, one a line, are either rewritten or refused in one line; without the flag nothing is
// changed.
#include "command_line.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<std::string> args;
  bool flagged = false;
  std::string arg;
  for (size_t i = 0; i <= size; i++) {
    if (i < size && data[i] != '\n' && data[i] != 0) {
      arg += static_cast<char>(data[i]);
      continue;
    }
    // Not whatever file, or device, the input may think of.
    if (!arg.empty() && arg[0] == '@') arg[0] = 'a';
    flagged = flagged || arg.find("sanitize") != std::string::npos;
    if (!arg.empty()) args.push_back(arg);
    arg.clear();
  }
  const auto result = csan::driver::Rewrite(args, {"P", "A", "S", "L", "I"});
  if (!result.ok && (result.error.empty() || result.error.find('\n') != std::string::npos)) abort();
  if (!flagged && (!result.ok || result.args != args)) abort();
  return 0;
}
