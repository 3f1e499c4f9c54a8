// Any text either sets options or is a mistake that one sentence of one line names, however little room there
// is for it.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "config/flags.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const size_t room : {600, 24, 1}) {
    std::string error(room, 'x');
    if (csan::ParseFlags(text.c_str(), error.data(), room)) continue;
    const size_t length = strnlen(error.data(), room);
    if (length == room) abort();
    if (room == 600 && (length == 0 || error.find('\n') < length)) abort();
  }
  csan::PrintFlagHelp([](const char* line) {
    if (strchr(line, '\n') != nullptr) abort();
  });
  return 0;
}
