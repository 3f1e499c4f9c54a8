// What went into a link without having been compiled by us, told from the linker's own list (--trace).
#pragma once

#include <string>

#include "llvm/ADT/STLFunctionalExtras.h"

namespace csan::driver {

// Whether a line of the list names an object, "a.o", or a member of an archive, "a.a(b.o)", without
// our marker. Shared libraries, what cannot be read and the files that every link has do not count.
bool IsUninstrumented(const std::string& line);

// Whether a line of the linker's output is one of its list.
bool IsListed(const std::string& line);

// Runs a child that `become` turns into `command`, takes the linker's list out of what it prints, and names
// on standard error what is not instrumented. Returns the exit code.
int RunAndList(const std::string& program, const std::string& command,
               llvm::function_ref<void()> become);

}  // namespace csan::driver
