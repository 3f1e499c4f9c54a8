#include "progress.h"

#include <unistd.h>

#include <cstdlib>

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include "text_util.h"

namespace csan::tool {

Progress::Progress(uint64_t total, bool shown)
    : total_(total), terminal_(shown && isatty(2) != 0 && std::getenv("CI") == nullptr) {}

std::string Progress::TimeLeft() const {
  if (total_ == 0 || done_ == 0) return "";
  const std::chrono::duration<double> gone = std::chrono::steady_clock::now() - begin_;
  const double left =
      gone.count() / static_cast<double>(done_) * static_cast<double>(total_ - done_);
  return llvm::formatv(", {0:f0} s left", left).str();
}

void Progress::Refresh(uint64_t running, uint64_t findings) {
  if (!terminal_) return;
  llvm::errs() << "\r\x1b[K" << done_;
  if (total_ != 0) llvm::errs() << " of " << total_;
  llvm::errs() << " done, " << running << " running, "
               << report::Count(findings, "finding", "findings") << TimeLeft();
  drawn_ = true;
}

void Progress::Clear() {
  if (drawn_) llvm::errs() << "\r\x1b[K";
  drawn_ = false;
}

void Progress::Ended(uint64_t number, llvm::StringRef how, double seconds, uint64_t findings) {
  done_++;
  if (terminal_ && how == "ended well") return;
  Clear();
  llvm::errs() << "csan: run " << number;
  if (total_ != 0) llvm::errs() << " of " << total_;
  llvm::errs() << ' ' << how << llvm::formatv(" after {0:f1} s, ", seconds)
               << report::Count(findings, "finding", "findings") << " so far\n";
}

}  // namespace csan::tool
