// The commands of csan: each takes the words behind its name and gives the exit code (exit_code.h).
#pragma once

#include "llvm/ADT/ArrayRef.h"

namespace csan::tool {

#define CSAN_COMMAND(name, function, help) int function(llvm::ArrayRef<const char*> args);
#include "commands.def"
#undef CSAN_COMMAND

}  // namespace csan::tool
