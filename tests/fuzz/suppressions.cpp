// Any bytes are either a file of suppressions or a mistake whose line is named; and a template matches what a
// plain, slow matcher says.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

// With the list, which each input begins anew.
#include "config/suppressions.cc"

namespace {

// What a '*' may stand for, tried out. `p` has neither '^' nor '$'.
bool Stands(std::string_view p, std::string_view s) {
  if (p.empty()) return s.empty();
  if (p[0] != '*') return !s.empty() && s[0] == p[0] && Stands(p.substr(1), s.substr(1));
  for (size_t i = 0; i <= s.size(); i++) {
    if (Stands(p.substr(1), s.substr(i))) return true;
  }
  return false;
}

void CheckTemplate(std::string_view pattern, std::string_view text) {
  // Short ones: the matcher here takes for ever on others.
  if (pattern.size() > 6 || text.size() > 12 ||
      pattern.find_first_of("^$") != std::string_view::npos) {
    return;
  }
  const std::string anywhere = "*" + std::string(pattern) + "*";
  const bool matches = csan::TemplateMatch(std::string(pattern).c_str(), std::string(text).c_str());
  if (!pattern.empty() && matches != Stands(anywhere, text)) abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const int file = memfd_create("suppressions", 0);
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) abort();
  csan::count = 0;
  char error[600] = "";
  if (!csan::ReadSuppressions(path.c_str(), error, sizeof(error))) {
    if (std::string_view(error).substr(0, path.size()) != path) abort();
    if (strchr(error, '\n') != nullptr) abort();
  }
  const std::string text(reinterpret_cast<const char*>(data), size);
  csan::MatchSuppression("race", text.c_str());
  for (csan::u32 i = 0; i < csan::SuppressionCount(); i++) {
    csan::TemplateMatch(csan::SuppressionAt(i).pattern, text.c_str());
    const size_t half = text.find('\n');
    if (half != std::string::npos) {
      CheckTemplate(csan::SuppressionAt(i).pattern, text.substr(half + 1, 12).c_str());
    }
  }
  return 0;
}
