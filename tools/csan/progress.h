// What csan run says while it runs: one line that changes on a terminal, a line for each run elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "llvm/ADT/StringRef.h"

namespace csan::tool {

class Progress {
 public:
  // `total` runs; 0: nobody knows. `shown`: no output of the runs themselves is on the terminal.
  Progress(uint64_t total, bool shown);

  void Ended(uint64_t number, llvm::StringRef how, double seconds, uint64_t findings);
  void Refresh(uint64_t running, uint64_t findings);
  void Clear();

 private:
  std::string TimeLeft() const;

  uint64_t total_;
  uint64_t done_ = 0;
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace csan::tool
