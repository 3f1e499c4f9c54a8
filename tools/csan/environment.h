// The environment of a run: CSan's options and the variables by which test runners share work out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "llvm/ADT/StringRef.h"

namespace csan::tool {

// One part of a test suite that is shared out.
struct Shard {
  uint64_t index = 0;  // from 0
  uint64_t total = 1;
};

// "2/8" (from 0) as given, or "auto": what Bazel (TEST_SHARD_INDEX), GoogleTest (GTEST_SHARD_INDEX), Slurm's
// array jobs (SLURM_ARRAY_TASK_ID) or GitLab (CI_NODE_INDEX) have set, else everything.
absl::StatusOr<Shard> ShardFrom(llvm::StringRef text);
// Part `index` of `total` parts of a shard.
Shard PartOf(const Shard& shard, uint64_t index, uint64_t total);

// The user's CSAN_OPTIONS, with those behind that csan needs: the last of two counts.
std::string OptionsFor(llvm::StringRef user, llvm::StringRef log_path);

// The file that suppressions=FILE names in options; empty if none does.
std::string SuppressionsFile(llvm::StringRef options);

// Ours with the options and, for a shard of several, GoogleTest's and Bazel's variables.
std::vector<std::string> EnvironmentFor(const std::string& log_path, const Shard& shard);

// The command; ctest, which reads no variable, gets -I.
std::vector<std::string> CommandFor(std::vector<std::string> command, const Shard& shard);

}  // namespace csan::tool
