// GitLab's code quality report: a list of issues, each with a fingerprint and one line of one file.
#include "llvm/Support/JSON.h"

#include "format.h"
#include "kinds.h"
#include "story.h"
#include "text_util.h"

namespace csan::report {

void WriteGitlab(const Report& report, llvm::raw_ostream& out) {
  llvm::json::OStream json(out, /*IndentSize=*/1);
  json.array([&] {
    for (const Entry& entry : report.merged.entries()) {
      const Story story = StoryOf(entry.finding);
      // An issue without a file is refused.
      const bool placed = story.place != nullptr && !story.place->file.empty();
      json.object([&] {
        json.attribute("description", story.message);
        json.attribute("check_name", "csan-" + Visible(entry.finding.kind));
        json.attribute("fingerprint", Visible(KeyOf(entry.finding)));
        json.attribute("severity", IsNote(entry.finding.kind) ? "info" : "critical");
        json.attributeObject("location", [&] {
          json.attribute("path",
                         placed ? Visible(report.paths.Shown(story.place->file)) : "unknown");
          json.attributeObject("lines",
                               [&] { json.attribute("begin", placed ? story.place->line : 1); });
        });
      });
    }
  });
  out << '\n';
}

}  // namespace csan::report
