// Text of records is not ours: names of functions, files and threads may hold anything.
#pragma once

#include <string>

#include "llvm/ADT/StringRef.h"

namespace csan::report {

// Control characters and marks that reorder text become visible ("\x1b", "\u202e"), so that no name
// writes to the terminal or looks like another. Line breaks and tabs too.
std::string Visible(llvm::StringRef text);

// A C++ name that is longer than `width` without the arguments of its templates ("map<…>").
std::string ShortName(llvm::StringRef function, size_t width = 60);

// "1 process", "3 processes".
std::string Count(uint64_t n, llvm::StringRef singular, llvm::StringRef plural);

// Lower-case hexadecimal digits of a fingerprint, 16 of them.
std::string FingerprintText(uint64_t fingerprint);

}  // namespace csan::report
