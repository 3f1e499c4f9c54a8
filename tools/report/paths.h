// From the names of files in records, which are those of the machine that compiled, to those of the
// reader's checkout.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "llvm/ADT/StringRef.h"

namespace csan::report {

class Paths {
 public:
  // `root`: the checkout; the working directory if empty.
  explicit Paths(llvm::StringRef root = "");

  // Files whose name begins with `from` are below `to` here. The longest prefix that fits counts.
  void AddPrefix(llvm::StringRef from, llvm::StringRef to);

  // The name of the file here, without "." and "..": absolute.
  std::string Here(llvm::StringRef file) const;
  // Below the root: "src/main.cpp". Nothing if it is elsewhere.
  std::optional<std::string> BelowRoot(llvm::StringRef file) const;
  // Below the root if it is there, else as it is called here.
  std::string Shown(llvm::StringRef file) const;

  const std::string& root() const { return root_; }

 private:
  std::string root_;  // absolute, without a slash at the end
  std::vector<std::pair<std::string, std::string>> prefixes_;
};

}  // namespace csan::report
