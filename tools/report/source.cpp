#include "source.h"

#include <algorithm>

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "text_util.h"

namespace csan::report {

using llvm::StringRef;

namespace {

constexpr uint64_t kBytesMax = 8 << 20;
constexpr size_t kColumnsMax = 160;

// The real name of a file, all links followed, if that is a small regular file below `root`.
std::string RealBelow(StringRef file, StringRef root) {
  llvm::SmallString<256> real;
  llvm::SmallString<256> real_root;
  llvm::sys::fs::file_status status;
  if (llvm::sys::fs::real_path(file, real) || llvm::sys::fs::real_path(root, real_root) ||
      !real.starts_with((real_root + "/").str()) || llvm::sys::fs::status(real, status) ||
      status.type() != llvm::sys::fs::file_type::regular_file || status.getSize() > kBytesMax) {
    return "";
  }
  return real.str().str();
}

std::string Spaced(StringRef line) {
  std::string out;
  for (const char c : line.rtrim("\r").take_front(kColumnsMax)) {
    if (c == '\t') {
      out.append(4 - out.size() % 4, ' ');
    } else {
      out += c;
    }
  }
  return Visible(out);
}

}  // namespace

const Sources::File& Sources::Open(StringRef file) {
  const auto [at, is_new] = files_.try_emplace(file.str());
  if (!is_new || file.empty()) return at->second;
  const std::string real = RealBelow(paths_.Here(file), paths_.root());
  if (real.empty()) return at->second;
  auto text = llvm::MemoryBuffer::getFile(real, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!text) return at->second;
  at->second.text = std::move(*text);
  llvm::SmallVector<StringRef, 0> lines;
  at->second.text->getBuffer().split(lines, '\n');
  at->second.lines.assign(lines.begin(), lines.end());
  return at->second;
}

std::vector<SourceLine> Sources::Around(StringRef file, uint64_t line, uint64_t context) {
  const File& source = Open(file);
  std::vector<SourceLine> lines;
  if (line == 0 || line > source.lines.size()) return lines;
  const uint64_t first = line > context ? line - context : 1;
  const uint64_t last = std::min<uint64_t>(line + context, source.lines.size());
  for (uint64_t i = first; i <= last; i++) {
    lines.push_back({i, Spaced(source.lines[i - 1]), i == line});
  }
  return lines;
}

}  // namespace csan::report
