#include "options.h"

#include "absl/strings/str_cat.h"
#include "llvm/Support/raw_ostream.h"

namespace csan::tool {

namespace {

using llvm::StringRef;
using llvm::opt::DefaultVis;

#define OPTTABLE_STR_TABLE_CODE
#include "Options.inc"
#undef OPTTABLE_STR_TABLE_CODE

#define OPTTABLE_PREFIXES_TABLE_CODE
#include "Options.inc"
#undef OPTTABLE_PREFIXES_TABLE_CODE

constexpr llvm::opt::OptTable::Info kOptions[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "Options.inc"
#undef OPTION
};

class Table : public llvm::opt::GenericOptTable {
 public:
  Table() : GenericOptTable(OptionStrTable, OptionPrefixesTable, kOptions) {}
};

// The arguments that are parsed refer to it.
const Table& TheTable() {
  static const Table table;
  return table;
}

}  // namespace

absl::StatusOr<llvm::opt::InputArgList> ParseOptions(llvm::ArrayRef<const char*> args,
                                                     unsigned visibility) {
  const Table& table = TheTable();
  unsigned index = 0;
  unsigned count = 0;
  const llvm::opt::Visibility mask(visibility);
  llvm::opt::InputArgList list = table.ParseArgs(args, index, count, mask);
  if (count != 0) {
    return absl::InvalidArgumentError(std::string(list.getArgString(index)) + " needs a value.");
  }
  for (const llvm::opt::Arg* unknown : list.filtered(OPT_UNKNOWN)) {
    const std::string word = unknown->getAsString(list);
    std::string nearest;
    const bool near = table.findNearest(word, nearest, mask) <= 2;
    return absl::InvalidArgumentError(absl::StrCat("there is no option '", word, "'",
                                                   near ? "; did you mean '" : "",
                                                   near ? nearest : "", near ? "'?" : "."));
  }
  for (const llvm::opt::Arg* arg : list) {
    if (arg->getOption().getKind() == llvm::opt::Option::JoinedClass && *arg->getValue() == 0) {
      return absl::InvalidArgumentError(arg->getSpelling().str() + " needs a value.");
    }
  }
  return list;
}

void PrintHelp(StringRef usage, StringRef title, unsigned visibility) {
  TheTable().printHelp(llvm::outs(), usage.str().c_str(), title.str().c_str(), /*ShowHidden=*/false,
                       /*ShowAllAliases=*/false, llvm::opt::Visibility(visibility));
}

}  // namespace csan::tool
