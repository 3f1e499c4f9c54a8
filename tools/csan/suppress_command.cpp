// csan suppress DIR|FILE…
#include <optional>

#include "commands.h"
#include "llvm/ADT/StringExtras.h"
#include "options.h"
#include "output_file.h"
#include "outputs.h"
#include "suppression.h"
#include "text_util.h"

namespace csan::tool {

using llvm::StringRef;

namespace {

absl::Status Missing(StringRef what) { return absl::InvalidArgumentError(what.str()); }

// Owner, reason and expiry, as the options give them.
absl::StatusOr<Suppression> TemplateFrom(const llvm::opt::InputArgList& args) {
  Suppression suppression;
  suppression.owner = args.getLastArgValue(OPT_owner_EQ).str();
  suppression.reason = args.getLastArgValue(OPT_reason_EQ).str();
  suppression.expires = args.getLastArgValue(OPT_expires_EQ).str();
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; };
  if (suppression.owner.empty() || llvm::any_of(suppression.owner, is_control) ||
      StringRef(suppression.owner).contains(' ')) {
    return Missing("--owner=NAME is needed, one word: who answers for it.");
  }
  if (suppression.reason.empty() || llvm::any_of(suppression.reason, is_control)) {
    return Missing("--reason=TEXT is needed, one line: why it may stay.");
  }
  if (!IsDate(suppression.expires)) {
    return Missing("--expires=YYYY-MM-DD is needed: when to look at it again.");
  }
  if (suppression.expires < Today()) {
    return Missing("--expires=" + suppression.expires + " is over already.");
  }
  return suppression;
}

absl::Status Append(StringRef file, StringRef text) {
  if (file.empty()) {
    llvm::outs() << text;
    return absl::OkStatus();
  }
  return AppendToFile(file, text);
}

// The findings that are meant, as lines of a suppressions file.
absl::StatusOr<std::string> Lines(const report::Merged& merged, Suppression suppression,
                                  std::optional<uint64_t> fingerprint) {
  std::string text;
  for (const report::Entry& entry : merged.entries()) {
    suppression.fingerprint = report::FingerprintText(entry.finding.fingerprint);
    if (fingerprint && *fingerprint != entry.finding.fingerprint) continue;
    size_t others = 0;
    suppression.line = NarrowestFor(entry.finding, merged, &others);
    if (suppression.line.empty()) {
      Say("no suppression can name finding " + suppression.fingerprint + ".");
      continue;
    }
    if (others != 0) {
      Say("'" + report::Visible(suppression.line) + "' silences " +
          report::Count(others, "other finding", "other findings") +
          " too; there is no narrower one.");
    }
    text += TextOf(suppression);
  }
  if (text.empty() && !fingerprint) return Missing("there is no finding to be suppressed.");
  if (text.empty()) return Missing("no finding is to be suppressed: is the fingerprint right?");
  return text;
}

}  // namespace

int SuppressCommand(llvm::ArrayRef<const char*> words) {
  auto args = ParseOptions(words, SuppressVis);
  if (!args.ok()) return Fail(args.status());
  if (args->hasArg(OPT_help)) {
    PrintHelp(
        "csan suppress --fingerprint=HEX --owner=NAME --reason=TEXT --expires=DATE DIR|FILE...",
        "Writes the narrowest suppression for a finding of these records, in ThreadSanitizer's "
        "syntax; whose\nit is, why and until when is in a comment, which csan run reads",
        SuppressVis);
    return kClean;
  }
  const std::vector<std::string> inputs = args->getAllArgValues(OPT_INPUT);
  if (inputs.empty()) return Fail(Missing("suppress what? Name files or folders of records."));
  if (args->hasArg(OPT_fingerprint_EQ) == args->hasArg(OPT_all)) {
    return Fail(Missing("--fingerprint=HEX or --all is needed, not both."));
  }
  std::optional<uint64_t> fingerprint;
  if (StringRef hex = args->getLastArgValue(OPT_fingerprint_EQ); !hex.empty()) {
    hex.consume_front("0x");
    if (hex.getAsInteger(16, fingerprint.emplace())) {
      return Fail(Missing(("--fingerprint=" + hex + " is no hexadecimal number.").str()));
    }
  }
  auto suppression = TemplateFrom(*args);
  if (!suppression.ok()) return Fail(suppression.status());
  const report::Merged merged = report::ReadAll(inputs);
  for (const std::string& problem : merged.problems()) Say(report::Visible(problem));
  auto text = Lines(merged, *suppression, fingerprint);
  if (!text.ok()) return Fail(text.status());
  if (auto status = Append(args->getLastArgValue(OPT_output_EQ), *text); !status.ok()) {
    return Fail(status);
  }
  return merged.problems().empty() ? kClean : kIncomplete;
}

}  // namespace csan::tool
