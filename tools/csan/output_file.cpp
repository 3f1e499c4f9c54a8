#include "output_file.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace csan::tool {

namespace fs = llvm::sys::fs;
using llvm::StringRef;

namespace {

absl::Status Cannot(StringRef file, const llvm::Twine& why) {
  return absl::UnavailableError(("cannot write '" + file + "': " + why + ".").str());
}

// All links followed, so that it is the file that is replaced.
std::string RealName(StringRef file) {
  llvm::SmallString<256> real;
  return fs::real_path(file, real) ? file.str() : real.str().str();
}

absl::Status WriteTo(StringRef file, fs::OpenFlags flags,
                     llvm::function_ref<void(llvm::raw_ostream&)> write) {
  std::error_code error;
  llvm::raw_fd_ostream out(file, error, flags);
  if (error) return Cannot(file, error.message());
  write(out);
  error = Finish(&out);
  return error ? Cannot(file, error.message()) : absl::OkStatus();
}

absl::Status Replace(StringRef file, llvm::function_ref<void(llvm::raw_ostream&)> write) {
  auto temporary = fs::TempFile::create(file + ".%%%%%%");
  if (!temporary) {
    return Cannot(file, llvm::errorToErrorCode(temporary.takeError()).message());
  }
  std::error_code error;
  {
    llvm::raw_fd_ostream out(temporary->FD, /*shouldClose=*/false);
    write(out);
    error = Finish(&out);
  }
  if (error) {
    llvm::consumeError(temporary->discard());
    return Cannot(file, error.message());
  }
  if (llvm::Error kept = temporary->keep(file)) {
    return Cannot(file, llvm::errorToErrorCode(std::move(kept)).message());
  }
  return absl::OkStatus();
}

}  // namespace

std::error_code Finish(llvm::raw_fd_ostream* out) {
  out->flush();
  const std::error_code error = out->error();
  out->clear_error();
  return error;
}

absl::Status CheckWritable(StringRef file) {
  if (fs::is_directory(file)) return Cannot(file, "it is a folder");
  const StringRef folder = llvm::sys::path::parent_path(file);
  if (folder.empty() || fs::is_directory(folder)) return absl::OkStatus();
  return Cannot(file, "there is no folder '" + folder + "'");
}

absl::Status WriteFile(StringRef file, llvm::function_ref<void(llvm::raw_ostream&)> write) {
  fs::file_status status;
  const bool there = !fs::status(file, status) && fs::exists(status);
  if (there && status.type() != fs::file_type::regular_file) {
    return WriteTo(file, fs::OF_None, write);
  }
  return Replace(RealName(file), write);
}

absl::Status AppendToFile(StringRef file, StringRef text) {
  return WriteTo(file, fs::OF_Append, [&](llvm::raw_ostream& out) { out << text; });
}

}  // namespace csan::tool
