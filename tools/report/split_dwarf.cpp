#include "split_dwarf.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/DebugInfo/DWARF/DWARFCompileUnit.h"
#include "llvm/Support/Path.h"

namespace csan::report {

using llvm::DWARFContext;

namespace {

std::string DwoOf(llvm::DWARFUnit& unit) {
  const char* name = llvm::dwarf::toString(
      unit.getUnitDIE().find({llvm::dwarf::DW_AT_dwo_name, llvm::dwarf::DW_AT_GNU_dwo_name}), "");
  llvm::SmallString<256> path(name);
  if (const char* folder = unit.getCompilationDir()) llvm::sys::path::make_absolute(folder, path);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return path.str().str();
}

}  // namespace

const SplitDwarf::Module& SplitDwarf::ModuleOf(const std::string& file) {
  const auto [at, is_new] = modules_.try_emplace(file);
  Module& module = at->second;
  if (!is_new) return module;
  auto binary = llvm::object::ObjectFile::createObjectFile(file);
  if (!binary) {
    llvm::consumeError(binary.takeError());
    return module;
  }
  module.binary = std::move(*binary);
  const auto quietly = [](llvm::Error error) { llvm::consumeError(std::move(error)); };
  module.dwarf = DWARFContext::create(*module.binary->getBinary(),
                                      DWARFContext::ProcessDebugRelocations::Process, nullptr, "",
                                      quietly, quietly);
  const auto is_split = [](const auto& unit) { return unit->getDWOId().has_value(); };
  if (llvm::none_of(module.dwarf->compile_units(), is_split)) {
    module.dwarf.reset();
    module.binary.reset();
  }
  return module;
}

std::string SplitDwarf::Missing(const std::string& file, uint64_t offset) {
  const Module& module = ModuleOf(file);
  if (module.dwarf == nullptr) return "";
  llvm::DWARFUnit* unit = module.dwarf->getCompileUnitForCodeAddress(offset);
  if (unit == nullptr || !unit->getDWOId()) return "";
  const bool had = unit->getNonSkeletonUnitDIE() != unit->getUnitDIE();
  return had ? "" : DwoOf(*unit);
}

}  // namespace csan::report
