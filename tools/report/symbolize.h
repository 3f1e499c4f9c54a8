// Names for frames that the tested program could not name itself (symbolize=0, no llvm-symbolizer there),
// from the modules' debug information, by LLVM's symboliser.
//
// Only a regular file with the build id that the record notes is looked at: another build's lines would be
// wrong, and a forged record may name any file.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "finding.h"
#include "llvm/DebugInfo/Symbolize/Symbolize.h"
#include "merge.h"
#include "paths.h"
#include "split_dwarf.h"

namespace csan::report {

class Symbolizer {
 public:
  // `debug_folders`: with .build-id/xx/yyyy.debug below them, as debuggers know them.
  Symbolizer(const Paths& paths, const std::vector<std::string>& debug_folders);

  // Names all frames of all findings that have none. What cannot be had is a problem, once a module;
  // names that are less than they could be are worth a remark.
  void NameFrames(Merged* merged);

 private:
  void NameStack(common::Stack* stack);
  // The frames that `frame` stands for, innermost first: itself if nothing is known.
  const std::vector<common::Frame>& Named(const common::Frame& frame);
  // Says it once where less can be told of the frame than the compiler knew.
  void CheckSplit(const std::string& file, const common::Frame& frame);
  // The file of a module, or empty.
  std::string FileOf(const std::string& module);

  const Paths& paths_;
  std::vector<std::string> debug_folders_;
  llvm::symbolize::LLVMSymbolizer symbolizer_;
  std::map<std::string, std::string> build_ids_;                      // of the finding's modules
  std::map<std::pair<std::string, std::string>, std::string> files_;  // by module and build id
  std::map<std::pair<std::string, uint64_t>, std::vector<common::Frame>> named_;
  SplitDwarf split_;
  std::set<std::string> lacking_;  // files of which remarks_ says that split_ lacks something
  std::vector<std::string> problems_;
  std::vector<std::string> remarks_;
};

}  // namespace csan::report
