#include "outputs.h"

#include <cstdlib>

#include "absl/status/statusor.h"
#include "baseline.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include "options.h"
#include "output_file.h"
#include "symbolize.h"
#include "text_util.h"

namespace csan::tool {

using llvm::StringRef;
using report::Format;

namespace {

std::string FormatNames() {
  std::string names;
  for (const Format& format : report::Formats()) names += format.name.str() + ", ";
  return names + "none";
}

const Format* FindFormat(StringRef name) {
  for (const Format& format : report::Formats()) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

// GitHub shows this file on the page of the run.
absl::Status WriteSummary(const report::Report& report) {
  const char* path = std::getenv("GITHUB_STEP_SUMMARY");
  if (path == nullptr || *path == 0) return absl::OkStatus();
  std::string text;
  llvm::raw_string_ostream out(text);
  report::WriteMarkdown(report, out);
  return AppendToFile(path, text);
}

}  // namespace

absl::Status Outputs::Add(StringRef name, StringRef file) {
  const Format* format = FindFormat(name);
  if (format == nullptr) {
    return absl::InvalidArgumentError("there is no format '" + report::Visible(name) +
                                      "'; formats are " + FormatNames() + ".");
  }
  outputs_.push_back({format, file.str()});
  return file == "-" ? absl::OkStatus() : CheckWritable(file);
}

absl::StatusOr<Outputs> Outputs::FromOptions(const llvm::opt::InputArgList& args,
                                             StringRef format) {
  Outputs outputs;
  for (const unsigned option : {OPT_source_root_EQ, OPT_debug_dir_EQ}) {
    for (const std::string& folder : args.getAllArgValues(option)) {
      if (llvm::sys::fs::is_directory(folder)) continue;
      return absl::InvalidArgumentError("there is no folder '" + folder + "'.");
    }
  }
  outputs.paths_ = report::Paths(args.getLastArgValue(OPT_source_root_EQ));
  for (const std::string& map : args.getAllArgValues(OPT_prefix_map_EQ)) {
    const auto [from, to] = StringRef(map).split('=');
    if (from.empty() || to.empty()) {
      return absl::InvalidArgumentError("--prefix-map=" + map + " is not of the form OLD=NEW.");
    }
    outputs.paths_.AddPrefix(from, to);
  }
  outputs.debug_folders_ = args.getAllArgValues(OPT_debug_dir_EQ);
  if (const auto files = args.getAllArgValues(OPT_baseline_EQ); !files.empty()) {
    auto baseline = ReadBaseline(files);
    if (!baseline.ok()) return baseline.status();
    outputs.baseline_ = *std::move(baseline);
  }
  for (const llvm::opt::Arg* arg : args) {
    StringRef name = arg->getOption().getPrefixedName();
    if (!name.consume_front("--") || !name.consume_back("=") || !FindFormat(name)) continue;
    if (auto status = outputs.Add(name, arg->getValue()); !status.ok()) return status;
  }
  const StringRef shown = args.getLastArgValue(OPT_format_EQ, format);
  if (shown != "none") {
    if (auto status = outputs.Add(shown, "-"); !status.ok()) return status;
  }
  const StringRef colour = args.getLastArgValue(OPT_color_EQ, "auto");
  if (colour != "auto" && colour != "always" && colour != "never") {
    return absl::InvalidArgumentError("--color is auto, always or never.");
  }
  outputs.colour_ = colour == "always" || (colour == "auto" && std::getenv("NO_COLOR") == nullptr &&
                                           llvm::sys::Process::StandardOutHasColors());
  return outputs;
}

void Outputs::Prepare(report::Merged* merged) const {
  report::Symbolizer(paths_, debug_folders_).NameFrames(merged);
  if (baseline_) MarkKnown(*baseline_, merged);
}

absl::Status Outputs::Write(const report::Merged& merged, const std::string& command,
                            bool complete) const {
  for (const std::string& problem : merged.problems()) Say(report::Visible(problem));
  for (const std::string& remark : merged.remarks()) Say(report::Visible(remark));
  report::Sources sources(paths_);
  std::vector<std::string> remarks;
  report::Report report = {merged, paths_, sources, false, command, complete, &remarks};
  for (const Output& output : outputs_) {
    const bool shown = output.file == "-";
    report.colour = shown && colour_;
    if (shown) {
      output.format->write(report, llvm::outs());
      llvm::outs().flush();
    } else if (const auto status = WriteFile(
                   output.file, [&](llvm::raw_ostream& out) { output.format->write(report, out); });
               !status.ok()) {
      return status;
    }
    for (const std::string& remark : remarks) Say(output.format->name + ": " + remark);
    remarks.clear();
    if (output.format->write == report::WriteGithub) {
      if (const auto status = WriteSummary(report); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

ExitCode VerdictOf(const report::Merged& merged, bool complete) {
  for (const report::Entry& entry : merged.entries()) {
    if (report::Fails(entry)) return kFindings;
  }
  return complete && merged.problems().empty() ? kClean : kIncomplete;
}

void Say(const llvm::Twine& sentence) { llvm::errs() << "csan: " << sentence << '\n'; }

int Fail(const absl::Status& status) {
  Say(std::string(status.message()));
  return kToolError;
}

}  // namespace csan::tool
