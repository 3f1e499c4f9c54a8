// GitHub's workflow commands: a line of output that annotates a line of a change.
#include "format.h"
#include "kinds.h"
#include "story.h"
#include "text_util.h"

namespace csan::report {

using llvm::StringRef;

namespace {

// As GitHub decodes it: '%' and line ends, in properties ':' and ',' too.
std::string Escaped(StringRef text, bool property) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '%':
        out += "%25";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      case ':':
        out += property ? "%3A" : ":";
        break;
      case ',':
        out += property ? "%2C" : ",";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

void WriteGithub(const Report& report, llvm::raw_ostream& out) {
  for (const Entry& entry : report.merged.entries()) {
    const Story story = StoryOf(entry.finding);
    const bool note = IsNote(entry.finding.kind);
    out << (note ? "::notice " : entry.is_new ? "::error " : "::warning ");
    if (story.place != nullptr) {
      if (const auto file = report.paths.BelowRoot(story.place->file)) {
        out << "file=" << Escaped(Visible(*file), true) << ",line=" << story.place->line;
        if (story.place->column != 0) out << ",col=" << story.place->column;
        out << ',';
      }
    }
    std::string text = story.message;
    for (const Part& part : story.parts) {
      if (part.role != Part::Role::kEvent) continue;
      text += "\n" + part.heading + ": " + PlaceText(report, part.place);
    }
    out << "title=" << Escaped("CSan: " + story.title, true) << "::" << Escaped(text, false)
        << '\n';
  }
  for (const std::string& problem : report.merged.problems()) {
    out << "::warning title=CSan::" << Escaped(Visible(problem), false) << '\n';
  }
}

}  // namespace csan::report
