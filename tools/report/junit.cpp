// JUnit's XML, as Jenkins, GitLab and ctest's readers take it: each new finding is a failed test, those
// of the baseline and notes are skipped ones, and a run that is not complete has an error.
#include "format.h"
#include "kinds.h"
#include "llvm/ADT/StringExtras.h"
#include "story.h"
#include "text_util.h"

namespace csan::report {

using llvm::StringRef;

namespace {

// All of it is Visible already, so there are no characters that XML forbids, but for U+FFFE and U+FFFF.
std::string Xml(StringRef text) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  while (!text.empty()) {
    if (text.consume_front("\xEF\xBF\xBE") || text.consume_front("\xEF\xBF\xBF")) continue;
    llvm::printHTMLEscaped(text.take_front(), stream);
    text = text.drop_front();
  }
  return out;
}

std::string Details(const Report& report, const Story& story) {
  std::string out = story.message + "\n";
  for (const Part& part : story.parts) {
    out += "\n" + part.heading + ":\n";
    for (const common::Frame& frame : part.stack->frames) {
      out += "  " + Visible(frame.function.empty() ? "?" : frame.function) + " " +
             PlaceText(report, &frame) + "\n";
    }
  }
  return out;
}

bool Fails(const Entry& entry) { return entry.is_new && !IsNote(entry.finding.kind); }

void WriteCase(const Report& report, const Entry& entry, llvm::raw_ostream& out) {
  const Story story = StoryOf(entry.finding);
  const std::string place = PlaceText(report, story.place);
  out << "  <testcase classname=\"csan." << Xml(Visible(entry.finding.kind)) << "\" name=\""
      << Xml(story.title + (place.empty() ? "" : " at " + place)) << " ["
      << FingerprintText(entry.finding.fingerprint) << "]\"";
  if (story.place != nullptr && !story.place->file.empty()) {
    out << " file=\"" << Xml(Visible(report.paths.Shown(story.place->file))) << "\" line=\""
        << story.place->line << '"';
  }
  out << " time=\"0\">\n";
  if (Fails(entry)) {
    out << "    <failure type=\"" << Xml(Visible(entry.finding.kind)) << "\" message=\""
        << Xml(story.message) << "\">" << Xml(Details(report, story)) << "</failure>\n";
  } else {
    out << "    <skipped message=\"" << (entry.is_new ? "a note" : "in the baseline") << "\"/>\n";
  }
  out << "  </testcase>\n";
}

}  // namespace

void WriteJunit(const Report& report, llvm::raw_ostream& out) {
  const auto& entries = report.merged.entries();
  size_t failures = 0;
  for (const Entry& entry : entries) failures += Fails(entry);
  // A suite without a test is taken for one that did not run.
  const bool verdict = entries.empty() || !report.complete;
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n <testsuite name=\"csan\" "
         "tests=\""
      << entries.size() + verdict << "\" failures=\"" << failures << "\" errors=\""
      << (report.complete ? 0 : 1) << "\" skipped=\"" << entries.size() - failures
      << "\" time=\"0\">\n";
  if (verdict) out << "  <testcase classname=\"csan\" name=\"run\" time=\"0\">";
  if (!report.complete) {
    out << "<error type=\"incomplete\" message=\"the run is not complete\">";
    for (const std::string& problem : report.merged.problems())
      out << Xml(Visible(problem)) << '\n';
    out << "</error>";
  }
  if (verdict) out << "</testcase>\n";
  for (const Entry& entry : entries) WriteCase(report, entry, out);
  out << " </testsuite>\n</testsuites>\n";
}

}  // namespace csan::report
