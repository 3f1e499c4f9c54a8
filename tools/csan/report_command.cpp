// csan report DIR|FILE…
#include "commands.h"
#include "options.h"
#include "outputs.h"

namespace csan::tool {

int ReportCommand(llvm::ArrayRef<const char*> words) {
  auto args = ParseOptions(words, ReportVis);
  if (!args.ok()) return Fail(args.status());
  if (args->hasArg(OPT_help)) {
    PrintHelp("csan report [options] DIR|FILE...",
              "Merges the records that CSAN_OPTIONS=format=json wrote and reports them: equal "
              "findings once. "
              "A DIR\nstands for all files below it. Exit code: 0 nothing new, 1 a mistake, 2 new "
              "findings, "
              "4 nothing new,\nbut not everything could be read",
              ReportVis);
    return kClean;
  }
  const std::vector<std::string> inputs = args->getAllArgValues(OPT_INPUT);
  if (inputs.empty())
    return Fail(absl::InvalidArgumentError("report what? Name files or folders."));
  auto outputs = Outputs::FromOptions(*args, "text");
  if (!outputs.ok()) return Fail(outputs.status());
  report::Merged merged = report::ReadAll(inputs);
  outputs->Prepare(&merged);
  const bool complete = merged.problems().empty();
  if (const auto status = outputs->Write(merged, "", complete); !status.ok()) return Fail(status);
  return VerdictOf(merged, complete);
}

}  // namespace csan::tool
