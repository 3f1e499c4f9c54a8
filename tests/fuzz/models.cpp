// Models: any text has rules or a mistake that names a place in it, and any symbol can be looked up.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "model/Matcher.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::string mistake;
  std::vector<csan::Rule> rules =
      csan::parseModel(llvm::MemoryBufferRef(text, "model.yaml"), mistake);
  if (!mistake.empty() && (!rules.empty() || mistake.rfind("model.yaml:", 0) != 0)) std::abort();
  const csan::Matcher matcher(std::move(rules));
  for (const char* symbol : {"f", "_ZN1a1bIiE1fIlEEvT_", "_ZN1alsERKS_", "_Z", "",
                             "_ZZN1a1bEvENKUlvE_clEv", "_ZN5boost6fibers5mutex4lockEv"}) {
    matcher.rulesOf(symbol);
  }
  const size_t line = text.find('\n');
  matcher.rulesOf(std::string(text.substr(0, line).c_str()));
  return 0;
}
