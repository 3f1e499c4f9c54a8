// One JSON document: for scripts, which get what they would otherwise work out themselves.
#include "llvm/Support/JSON.h"

#include "format.h"
#include "kinds.h"
#include "record_writer.h"
#include "story.h"
#include "text_util.h"

namespace csan::report {

void WriteJson(const Report& report, llvm::raw_ostream& out) {
  llvm::json::OStream json(out, /*IndentSize=*/1);
  json.object([&] {
    json.attribute("csan_report", 1);
    json.attribute("complete", report.complete);
    json.attributeArray("problems", [&] {
      for (const std::string& problem : report.merged.problems()) json.value(Visible(problem));
    });
    json.attributeArray("findings", [&] {
      for (const Entry& entry : report.merged.entries()) {
        const Story story = StoryOf(entry.finding);
        json.object([&] {
          json.attribute("title", story.title);
          json.attribute("message", story.message);
          json.attribute("place", PlaceText(report, story.place));
          json.attribute("note", IsNote(entry.finding.kind));
          json.attribute("new", entry.is_new);
          json.attribute("count", entry.finding.count);
          json.attribute("files", entry.files);
          json.attribute("advice", AdviceOf(entry.finding.kind));
          json.attribute("suppression", SuppressionOf(entry.finding));
          json.attributeObject("record", [&] { common::PutMembers(json, entry.finding); });
        });
      }
    });
  });
  out << '\n';
}

}  // namespace csan::report
