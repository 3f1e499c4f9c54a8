// csan run [options] -- COMMAND…
#include <algorithm>
#include <cstdlib>
#include <thread>

#include "commands.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "options.h"
#include "outputs.h"
#include "runner.h"
#include "suppression.h"
#include "text_util.h"

namespace csan::tool {

using llvm::StringRef;

namespace {

absl::Status ReadNumber(const llvm::opt::InputArgList& args, unsigned option, StringRef name,
                        uint64_t* value) {
  const StringRef text = args.getLastArgValue(option);
  constexpr uint64_t kMax = 1'000'000;
  if (text.empty() || (!text.getAsInteger(10, *value) && *value > 0 && *value <= kMax)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      (name + "=" + text + " is not a number from 1 to 1000000.").str());
}

absl::StatusOr<RunPlan> PlanOf(const llvm::opt::InputArgList& args) {
  RunPlan plan;
  uint64_t limit = 0;
  plan.until_found = args.hasArg(OPT_repeat_until_found);
  if (plan.until_found) plan.times = 0;
  for (const auto& [option, name, value] :
       {std::make_tuple(OPT_n, "-n", &plan.times),
        std::make_tuple(OPT_shards_EQ, "--shards", &plan.shards),
        std::make_tuple(OPT_timeout_EQ, "--timeout", &limit)}) {
    if (auto status = ReadNumber(args, option, name, value); !status.ok()) return status;
  }
  plan.limit = std::chrono::seconds(limit);
  plan.at_once =
      plan.shards == 1 ? 1 : std::min<uint64_t>(plan.shards, std::thread::hardware_concurrency());
  if (auto status = ReadNumber(args, OPT_j, "-j", &plan.at_once); !status.ok()) return status;
  auto shard = ShardFrom(args.getLastArgValue(OPT_shard_EQ, "auto"));
  if (!shard.ok()) return shard.status();
  plan.shard = *shard;
  return plan;
}

// A folder of ours that goes away with the object, or the one that is to be kept.
class Folder {
 public:
  absl::Status Make(StringRef kept) {
    if (kept.empty()) {
      llvm::SmallString<128> path;
      if (const std::error_code error = llvm::sys::fs::createUniqueDirectory("csan", path)) {
        return absl::UnavailableError("no temporary folder: " + error.message() + ".");
      }
      path_ = path.str().str();
      temporary_ = true;
      return absl::OkStatus();
    }
    llvm::SmallString<128> path(kept);
    if (const std::error_code error = llvm::sys::fs::make_absolute(path)) {
      return absl::UnavailableError(path.str().str() + ": " + error.message() + ".");
    }
    path_ = path.str().str();
    bool empty = true;
    std::error_code error;
    for (llvm::sys::fs::directory_iterator at(path_, error), end; !error && at != end;
         at.increment(error)) {
      empty = false;
    }
    if (empty) return absl::OkStatus();
    return absl::InvalidArgumentError("--keep=" + path_ + ": the folder is not empty.");
  }
  ~Folder() {
    if (temporary_ && llvm::sys::fs::remove_directories(path_)) Say(path_ + " stays behind.");
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool temporary_ = false;
};

// Bazel takes a test that does not touch this file for one that does not know of shards.
void TellBazel() {
  const char* file = std::getenv("TEST_SHARD_STATUS_FILE");
  if (file == nullptr || *file == 0) return;
  std::error_code error;
  const llvm::raw_fd_ostream touched(file, error, llvm::sys::fs::OF_Append);
  if (error) Say(std::string(file) + ": " + error.message() + ".");
}

void PrintSummary(const Runner& runner, const report::Merged& merged, bool complete) {
  size_t fresh = 0;
  for (const report::Entry& entry : merged.entries()) fresh += entry.is_new;
  for (const std::string& sentence : runner.trouble()) Say(report::Visible(sentence));
  Say(report::Count(merged.entries().size(), "finding", "findings") +
      (fresh != merged.entries().size() ? ", " + std::to_string(fresh) + " of them new" : "") +
      (complete ? "." : "; the run is not complete."));
}

// Suppressions that are too old, and those that match nothing any more.
void CheckSuppressions(const std::string& file, report::Merged* merged) {
  if (file.empty()) return;
  auto suppressions = ReadSuppressions(file);
  if (!suppressions.ok()) return merged->AddProblem(std::string(suppressions.status().message()));
  const std::string today = Today();
  for (const Suppression& one : *suppressions) {
    if (std::string expired = Expired(one, today); !expired.empty()) merged->AddProblem(expired);
    const auto found = merged->suppressions().find(one.line);
    if (found != merged->suppressions().end() && found->second == 0) {
      Say(one.where + ": '" + report::Visible(one.line) + "' matched nothing in this run.");
    }
  }
}

int Report(Runner& runner, const Outputs& outputs, const std::string& command) {
  report::Merged& merged = runner.merged();
  outputs.Prepare(&merged);
  const char* options = std::getenv("CSAN_OPTIONS");
  CheckSuppressions(SuppressionsFile(options == nullptr ? "" : options), &merged);
  if (merged.files() == 0) {
    merged.AddProblem("no program wrote records: was it built with -fsanitize=concurrency?");
  }
  const bool complete = runner.trouble().empty() && merged.problems().empty();
  if (auto status = outputs.Write(merged, command, complete); !status.ok()) return Fail(status);
  PrintSummary(runner, merged, complete);
  return VerdictOf(merged, complete);
}

int Run(const llvm::opt::InputArgList& args, llvm::ArrayRef<const char*> command) {
  auto plan = PlanOf(args);
  if (!plan.ok()) return Fail(plan.status());
  auto outputs = Outputs::FromOptions(args, "text");
  if (!outputs.ok()) return Fail(outputs.status());
  Folder folder;
  if (auto status = folder.Make(args.getLastArgValue(OPT_keep_EQ)); !status.ok())
    return Fail(status);
  plan->command.assign(command.begin(), command.end());
  plan->folder = folder.path();
  TellBazel();
  Runner runner(*plan);
  if (!runner.Run()) {
    for (const std::string& sentence : runner.trouble()) Say(report::Visible(sentence));
    return kToolError;
  }
  return Report(runner, *outputs, llvm::join(plan->command, " "));
}

}  // namespace

int RunCommand(llvm::ArrayRef<const char*> words) {
  const auto* split = std::find_if(words.begin(), words.end(),
                                   [](const char* word) { return StringRef(word) == "--"; });
  const auto options = words.take_front(static_cast<size_t>(split - words.begin()));
  auto args = ParseOptions(options, RunVis);
  if (!args.ok()) return Fail(args.status());
  if (args->hasArg(OPT_help)) {
    PrintHelp("csan run [options] -- COMMAND...",
              "Runs a command (ctest, a test program, anything), collects the records of all its "
              "processes "
              "and\nreports them. Exit code: 0 clean, 1 a mistake, 2 new findings, 4 none, but not "
              "everything was run\nor the command itself failed",
              RunVis);
    return kClean;
  }
  if (args->hasArg(OPT_INPUT) || split == words.end() || split + 1 == words.end()) {
    return Fail(absl::InvalidArgumentError("run what? Write csan run [options] -- COMMAND..."));
  }
  return Run(*args, words.drop_front(options.size() + 1));
}

}  // namespace csan::tool
