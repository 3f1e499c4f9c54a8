// csan diff BASE NEW
#include "baseline.h"
#include "commands.h"
#include "options.h"
#include "outputs.h"
#include "story.h"
#include "text_util.h"

namespace csan::tool {

namespace {

void PrintLine(llvm::StringRef state, const report::Entry& entry) {
  const report::Story story = report::StoryOf(entry.finding);
  llvm::outs() << state << report::FingerprintText(entry.finding.fingerprint) << "  "
               << story.message << '\n';
}

}  // namespace

int DiffCommand(llvm::ArrayRef<const char*> words) {
  auto args = ParseOptions(words, DiffVis);
  if (!args.ok()) return Fail(args.status());
  if (args->hasArg(OPT_help)) {
    PrintHelp(
        "csan diff [options] BASE NEW",
        "Says which findings are new, fixed and still there. BASE and NEW are files of records or "
        "folders\nof them. Exit code: 0 nothing is new, 1 a mistake, 2 something is, 4 nothing is, "
        "but not everything could be read",
        DiffVis);
    return kClean;
  }
  const std::vector<std::string> inputs = args->getAllArgValues(OPT_INPUT);
  if (inputs.size() != 2) return Fail(absl::InvalidArgumentError("diff what? Name BASE and NEW."));
  auto outputs = Outputs::FromOptions(*args, "none");
  if (!outputs.ok()) return Fail(outputs.status());
  auto base = ReadBaseline({inputs[0]});
  if (!base.ok()) return Fail(base.status());
  report::Merged merged = report::ReadAll({inputs[1]});
  outputs->Prepare(&merged);
  MarkKnown(*base, &merged);
  for (const report::Entry& entry : merged.entries()) {
    PrintLine(entry.is_new ? "new    " : "still  ", entry);
  }
  for (const report::Entry* entry : Gone(*base, merged)) PrintLine("fixed  ", *entry);
  llvm::outs().flush();
  const bool complete = merged.problems().empty();
  if (auto status = outputs->Write(merged, "", complete); !status.ok()) return Fail(status);
  return VerdictOf(merged, complete);
}

}  // namespace csan::tool
