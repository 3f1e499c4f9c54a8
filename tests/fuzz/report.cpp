// Whatever records say, each format is written, and none lets a control character of theirs through.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "record_reader.h"

using namespace csan::report;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Merged merged;
  merged.Add(csan::common::ReadRecords({reinterpret_cast<const char*>(data), size}, "log"), "log");
  merged.Sort();
  const Paths paths("/no/such/root");
  Sources sources(paths);
  for (const Format& format : Formats()) {
    std::string text;
    llvm::raw_string_ostream out(text);
    format.write({merged, paths, sources, false, "command", merged.problems().empty()}, out);
    for (const char c : text) {
      if (static_cast<unsigned char>(c) < 0x20 && c != '\n') abort();
    }
    const bool is_json = format.name == "json" || format.name == "sarif" || format.name == "gitlab";
    if (is_json && !llvm::expectedToOptional(llvm::json::parse(text))) abort();
  }
  return 0;
}
