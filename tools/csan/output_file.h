// A file that a command writes.
#pragma once

#include "absl/status/status.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

namespace csan::tool {

// Whether WriteFile can be expected to work: before a long run, not after it.
absl::Status CheckWritable(llvm::StringRef file);

// A file that is there stays as it was until the new one is whole. What is no regular file (/dev/stderr, a
// pipe) is written to as it is.
absl::Status WriteFile(llvm::StringRef file, llvm::function_ref<void(llvm::raw_ostream&)> write);

// Writes what is still held back. The error, if there was one, is the caller's from now on: a stream that
// still has one when it goes away ends the program.
std::error_code Finish(llvm::raw_fd_ostream* out);

// After what the file holds.
absl::Status AppendToFile(llvm::StringRef file, llvm::StringRef text);

}  // namespace csan::tool
