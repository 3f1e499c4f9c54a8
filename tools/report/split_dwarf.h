// Programs that were compiled with -gsplit-dwarf: most of what is known of their code is in .dwo files, by
// the names that the compiler was given, or in PROGRAM.dwp beside the program. Where neither is there, the
// symboliser still knows functions and lines, but not which calls were inlined, and says nothing of it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/Object/ObjectFile.h"

namespace csan::report {

class SplitDwarf {
 public:
  // The .dwo file that would say more of the code at `offset` of `file`, but cannot be had; or empty.
  std::string Missing(const std::string& file, uint64_t offset);

 private:
  struct Module {
    std::optional<llvm::object::OwningBinary<llvm::object::ObjectFile>> binary;
    std::unique_ptr<llvm::DWARFContext> dwarf;  // null: nothing of it is split
  };
  const Module& ModuleOf(const std::string& file);

  std::map<std::string, Module> modules_;
};

}  // namespace csan::report
