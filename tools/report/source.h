// Lines of the program's source, to show beside a finding.
//
// Records name the files, and records may come from anywhere: only regular files that really are below
// the checkout's root are read, else a page for others would show whatever a forged record asks for.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include "paths.h"

namespace csan::report {

struct SourceLine {
  uint64_t number;
  std::string text;  // tabs as spaces, controls visible
  bool marked;
};

class Sources {
 public:
  explicit Sources(const Paths& paths) : paths_(paths) {}
  // The line with `context` lines around it; empty if it is not to be had.
  std::vector<SourceLine> Around(llvm::StringRef file, uint64_t line, uint64_t context);

 private:
  struct File {
    std::unique_ptr<llvm::MemoryBuffer> text;
    std::vector<llvm::StringRef> lines;
  };
  const File& Open(llvm::StringRef file);

  const Paths& paths_;
  std::map<std::string, File> files_;
};

}  // namespace csan::report
