// A program that csan started: its own process group, so that what is killed is that program and what it
// started, and nothing else.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace csan::tool {

class Child {
 public:
  using Clock = std::chrono::steady_clock;

  // Starts `command` with `environment` ("NAME=value"); its output goes to the file `output`, or where
  // ours goes if that is empty.
  static absl::StatusOr<Child> Start(const std::vector<std::string>& command,
                                     const std::vector<std::string>& environment,
                                     const std::string& output);

  // Whether it has ended; then how. Does not wait.
  bool Ended();
  // Asks the group to end; when that has been done before, ends it. Only before Ended() is true: until
  // then the group's number is not given to others.
  void Kill();

  int exit_code() const { return exit_code_; }  // -1: by a signal
  int signal() const { return signal_; }        // 0: none
  bool killed() const { return kills_ != 0; }
  Clock::time_point started() const { return started_; }

 private:
  pid_t pid_ = 0;
  int exit_code_ = -1;
  int signal_ = 0;
  int kills_ = 0;
  Clock::time_point started_;
};

}  // namespace csan::tool
