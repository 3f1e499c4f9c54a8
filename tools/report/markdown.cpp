// Markdown for a step's summary or a comment: a table, then each finding folded.
#include "format.h"
#include "kinds.h"
#include "llvm/ADT/StringExtras.h"
#include "story.h"
#include "text_util.h"

namespace csan::report {

using llvm::StringRef;

namespace {

// GitHub takes a MiB for a step's summary, and 65 536 characters for a comment; what is behind is said.
constexpr size_t kDetailsMax = 50;

std::string Escaped(StringRef text) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  for (const char c : text) {
    if (StringRef("\\`*_{}[]()#+!|~@").contains(c)) {
      // The character by its number, which no reader of Markdown takes for anything else.
      stream << "&#" << static_cast<int>(static_cast<unsigned char>(c)) << ';';
    } else {
      llvm::printHTMLEscaped(StringRef(&c, 1), stream);
    }
  }
  return out;
}

std::string Html(StringRef text) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  llvm::printHTMLEscaped(text, stream);
  return out;
}

void WriteDetails(const Report& report, const Entry& entry, llvm::raw_ostream& out) {
  const Story story = StoryOf(entry.finding);
  out << "\n<details><summary>" << Html(story.title) << ' ' << Html(PlaceText(report, story.place))
      << "</summary>\n\n"
      << Escaped(story.message) << "\n\n<pre>\n";
  for (const Part& part : story.parts) {
    out << Html(part.heading) << ":\n";
    for (const common::Frame& frame : part.stack->frames) {
      out << "  " << Html(Visible(ShortName(frame.function.empty() ? "?" : frame.function))) << "  "
          << Html(PlaceText(report, &frame)) << '\n';
    }
  }
  out << "</pre>\n\n";
  if (const auto advice = AdviceOf(entry.finding.kind); !advice.empty())
    out << Escaped(advice) << "\n\n";
  out << "</details>\n";
}

}  // namespace

void WriteMarkdown(const Report& report, llvm::raw_ostream& out) {
  const auto& entries = report.merged.entries();
  out << "## CSan: " << Count(entries.size(), "finding", "findings") << "\n\n";
  for (const std::string& problem : report.merged.problems()) {
    out << "> " << Escaped(Visible(problem)) << "\n>\n";
  }
  if (!entries.empty()) out << "\n| | kind | place | object | seen |\n|---|---|---|---|---|\n";
  for (const Entry& entry : entries) {
    const Story story = StoryOf(entry.finding);
    out << "| "
        << (IsNote(entry.finding.kind) ? "note"
            : entry.is_new             ? "**new**"
                                       : "known")
        << " | " << Escaped(story.title) << " | " << Escaped(PlaceText(report, story.place))
        << " | " << Escaped(story.object) << " | " << entry.finding.count << " |\n";
  }
  size_t shown = 0;
  for (const Entry& entry : entries) {
    if (++shown > kDetailsMax) break;
    WriteDetails(report, entry, out);
  }
  if (entries.size() > kDetailsMax) out << "\n… and " << entries.size() - kDetailsMax << " more.\n";
}

}  // namespace csan::report
