// JUnit's XML, as Jenkins, GitLab and ctest's readers take it: each new finding is a failed test, those
// of the baseline and notes are skipped ones, and a run that is not complete has an error.
//
// GitLab reads none that is larger than 30 MB. What does not fit is left out, those that fail the run last;
// a test of its own says how many are, and fails if one of them does.
#include "format.h"
#include "llvm/ADT/StringExtras.h"
#include "story.h"
#include "text_util.h"

namespace csan::report {

using llvm::StringRef;

namespace {

constexpr size_t kBytesMax = 29'000'000;  // the suite itself and the problems need some

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

// What of the findings is written.
struct Cases {
  std::string text;
  size_t number = 0;
  size_t failures = 0;
  size_t left_out = 0;
};

void PutLeftOut(const Report& report, bool fails, Cases* cases) {
  const std::string why = Xml(LeftOut(report, cases->left_out, "GitLab takes no more than 30 MB"));
  cases->text += "  <testcase classname=\"csan\" name=\"findings left out\" time=\"0\">";
  cases->text += fails ? "<failure type=\"left-out\" message=\"" : "<skipped message=\"";
  cases->text += why + "\"/></testcase>\n";
  cases->number++;
  cases->failures += fails;
}

Cases CasesOf(const Report& report) {
  Cases cases;
  bool fails = false;
  for (const Entry* entry : ByWeight(report.merged)) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    WriteCase(report, *entry, stream);
    // One that is large does not keep the others out.
    if (cases.text.size() + text.size() > kBytesMax) {
      cases.left_out++;
      fails |= Fails(*entry);
      continue;
    }
    cases.text += text;
    cases.number++;
    cases.failures += Fails(*entry);
  }
  if (cases.left_out != 0) PutLeftOut(report, fails, &cases);
  return cases;
}

}  // namespace

void WriteJunit(const Report& report, llvm::raw_ostream& out) {
  const Cases cases = CasesOf(report);
  // A suite without a test is taken for one that did not run.
  const bool verdict = cases.number == 0 || !report.complete;
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n <testsuite name=\"csan\" "
         "tests=\""
      << cases.number + verdict << "\" failures=\"" << cases.failures << "\" errors=\""
      << (report.complete ? 0 : 1) << "\" skipped=\"" << cases.number - cases.failures
      << "\" time=\"0\">\n";
  if (verdict) out << "  <testcase classname=\"csan\" name=\"run\" time=\"0\">";
  if (!report.complete) {
    out << "<error type=\"incomplete\" message=\"the run is not complete\">";
    for (const std::string& problem : ShownProblems(report.merged)) out << Xml(problem) << '\n';
    out << "</error>";
  }
  if (verdict) out << "</testcase>\n";
  out << cases.text << " </testsuite>\n</testsuites>\n";
}

}  // namespace csan::report
