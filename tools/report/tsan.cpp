// ThreadSanitizer's text, which CTest's memcheck step, CodeChecker and many scripts parse.
#include "format.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "story.h"
#include "text_util.h"

namespace csan::report {

namespace {

void WriteFrames(const Report& report, const common::Stack& stack, llvm::raw_ostream& out) {
  size_t i = 0;
  for (const common::Frame& frame : stack.frames) {
    out << "    #" << i++ << ' ' << Visible(frame.function.empty() ? "<null>" : frame.function);
    if (!frame.file.empty()) out << ' ' << PlaceText(report, &frame);
    out << " (" << Visible(llvm::sys::path::filename(frame.module)) << "+0x"
        << llvm::utohexstr(frame.offset, /*LowerCase=*/true) << ")\n";
  }
  if (!stack.kept) out << "    [failed to restore the stack]\n";
  out << '\n';
}

}  // namespace

void WriteTsan(const Report& report, llvm::raw_ostream& out) {
  for (const Entry& entry : report.merged.entries()) {
    const Story story = StoryOf(entry.finding);
    out << "==================\nWARNING: ThreadSanitizer: " << story.title
        << " (pid=" << entry.finding.pid << ")\n";
    for (const Part& part : story.parts) {
      std::string heading = part.heading;
      heading[0] = llvm::toUpper(heading[0]);
      out << "  " << heading << ":\n";
      WriteFrames(report, *part.stack, out);
    }
    out << "SUMMARY: ThreadSanitizer: " << story.title;
    if (story.place != nullptr) {
      out << ' ' << PlaceText(report, story.place) << " in " << Visible(story.place->function);
    }
    out << "\n==================\n";
  }
  const size_t n = report.merged.entries().size();
  if (n != 0) out << "ThreadSanitizer: reported " << n << " warnings\n";
}

}  // namespace csan::report
