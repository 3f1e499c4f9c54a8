#include "paths.h"

#include <algorithm>

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace csan::report {

using llvm::StringRef;

namespace {

std::string Absolute(StringRef path) {
  llvm::SmallString<256> absolute(path);
  if (llvm::sys::fs::make_absolute(absolute)) return path.str();  // the working directory is gone
  llvm::sys::path::remove_dots(absolute, /*remove_dot_dot=*/true);
  if (absolute.size() > 1 && absolute.back() == '/') absolute.pop_back();
  return absolute.str().str();
}

// Whether `path` is `folder` or below it; then `rest` is what follows, without a slash.
bool Below(StringRef path, StringRef folder, StringRef* rest) {
  folder = folder.rtrim('/');
  if (!path.consume_front(folder) || (!path.empty() && path.front() != '/')) return false;
  *rest = path.ltrim('/');
  return true;
}

}  // namespace

Paths::Paths(StringRef root) : root_(Absolute(root.empty() ? "." : root)) {}

void Paths::AddPrefix(StringRef from, StringRef to) {
  prefixes_.emplace_back(from.str(), Absolute(to));
  std::sort(prefixes_.begin(), prefixes_.end(), [](const auto& a, const auto& b) {
    return a.first.size() != b.first.size() ? a.first.size() > b.first.size() : a < b;
  });
}

std::string Paths::Here(StringRef file) const {
  llvm::SmallString<256> plain(file);
  llvm::sys::path::remove_dots(plain, /*remove_dot_dot=*/true);
  for (const auto& [from, to] : prefixes_) {
    StringRef rest;
    if (Below(plain, from, &rest)) return Absolute(to + "/" + rest.str());
  }
  if (llvm::sys::path::is_absolute(plain)) return plain.str().str();
  return Absolute(root_ + "/" + plain.str().str());
}

std::optional<std::string> Paths::BelowRoot(StringRef file) const {
  const std::string here = Here(file);
  StringRef rest;
  if (file.empty() || !Below(here, root_, &rest) || rest.empty()) return std::nullopt;
  return rest.str();
}

std::string Paths::Shown(StringRef file) const {
  return BelowRoot(file).value_or(file.empty() ? "" : Here(file));
}

}  // namespace csan::report
