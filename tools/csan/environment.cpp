#include "environment.h"

#include <unistd.h>

#include <cstdlib>

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Path.h"

namespace csan::tool {

using llvm::StringRef;
using llvm::Twine;

namespace {

struct Names {
  const char* index;
  const char* total;
  const char* first;  // the variable that holds the least index; null: `base` is that
  uint64_t base;
};

constexpr Names kNames[] = {
    {"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", nullptr, 0},
    {"GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS", nullptr, 0},
    {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", 0},
    {"CI_NODE_INDEX", "CI_NODE_TOTAL", nullptr, 1},
};

StringRef Variable(const char* name) {
  const char* value = name == nullptr ? nullptr : std::getenv(name);
  return value == nullptr ? "" : value;
}

bool IsShardVariable(StringRef name) {
  for (const char* one : {"GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS", "TEST_SHARD_INDEX",
                          "TEST_TOTAL_SHARDS", "CSAN_OPTIONS"}) {
    if (name == one) return true;
  }
  return false;
}

absl::Status Bad(const Twine& text) { return absl::InvalidArgumentError(text.str()); }

}  // namespace

absl::StatusOr<Shard> ShardFrom(StringRef text) {
  Shard shard;
  if (text != "auto") {
    const auto [index, total] = text.split('/');
    if (index.getAsInteger(10, shard.index) || total.getAsInteger(10, shard.total) ||
        shard.index >= shard.total) {
      return Bad("--shard=" + text + " is not of the form INDEX/TOTAL, from 0 to TOTAL - 1.");
    }
    return shard;
  }
  for (const Names& names : kNames) {
    if (Variable(names.total).empty()) continue;
    uint64_t first = names.base;
    if (names.first != nullptr) Variable(names.first).getAsInteger(10, first);
    if (Variable(names.index).getAsInteger(10, shard.index) ||
        Variable(names.total).getAsInteger(10, shard.total) || shard.index < first ||
        shard.index - first >= shard.total) {
      return Bad(Twine(names.index) + "=" + Variable(names.index) + " and " + names.total + "=" +
                 Variable(names.total) + " name no shard.");
    }
    shard.index -= first;
    return shard;
  }
  return shard;
}

Shard PartOf(const Shard& shard, uint64_t index, uint64_t total) {
  return {shard.index * total + index, shard.total * total};
}

std::string OptionsFor(StringRef user, StringRef log_path) {
  std::string options = user.str();
  if (!options.empty()) options += ':';
  // The tests' own failures are told from findings by their exit codes.
  if (!user.contains("exitcode")) options += "exitcode=0:";
  return options + "print_suppressions=1:format=json:log_path=\"" + log_path.str() + "\"";
}

std::string SuppressionsFile(StringRef options) {
  constexpr llvm::StringLiteral kKey = "suppressions=";
  constexpr llvm::StringLiteral kSeparators = ":, \t\n";
  std::string file;
  for (size_t at = 0; (at = options.find(kKey, at)) != StringRef::npos; at += kKey.size()) {
    if (at != 0 && !kSeparators.contains(options[at - 1])) continue;
    StringRef value = options.drop_front(at + kKey.size());
    const bool quoted = value.starts_with("'") || value.starts_with("\"");
    file = quoted ? value.drop_front().split(value[0]).first.str()
                  : value.take_until([&](char c) { return kSeparators.contains(c); }).str();
  }
  return file;
}

std::vector<std::string> EnvironmentFor(const std::string& log_path, const Shard& shard) {
  std::vector<std::string> variables;
  for (char** one = environ; *one != nullptr; one++) {
    if (!IsShardVariable(StringRef(*one).split('=').first)) variables.push_back(*one);
  }
  variables.push_back("CSAN_OPTIONS=" + OptionsFor(Variable("CSAN_OPTIONS"), log_path));
  if (shard.total > 1) {
    for (const char* prefix : {"GTEST", "TEST"}) {
      variables.push_back((Twine(prefix) + "_SHARD_INDEX=" + Twine(shard.index)).str());
      variables.push_back((Twine(prefix) + "_TOTAL_SHARDS=" + Twine(shard.total)).str());
    }
  }
  return variables;
}

std::vector<std::string> CommandFor(std::vector<std::string> command, const Shard& shard) {
  if (shard.total > 1 && llvm::sys::path::filename(command[0]) == "ctest") {
    command.push_back("-I");
    command.push_back((Twine(shard.index + 1) + ",," + Twine(shard.total)).str());
  }
  return command;
}

}  // namespace csan::tool
