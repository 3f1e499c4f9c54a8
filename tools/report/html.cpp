// The page: one file with everything in it, which needs no network and runs only its own script: the
// policy in its head names the script's hash, so that markup in a record could not run even if the
// template did not escape it.
#include <set>

#include "drawing.h"
#include "format.h"
#include "kinds.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Mustache.h"
#include "llvm/Support/SHA256.h"
#include "place.h"
#include "story.h"
#include "text_util.h"

namespace csan::report {

using common::Frame;
using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

namespace {

constexpr char kTemplate[] = {
#include "page.mustache.inc"
};
constexpr char kStyle[] = {
#include "page.css.inc"
};
constexpr char kScript[] = {
#include "page.js.inc"
};

constexpr uint64_t kContext = 4;
constexpr size_t kFindingsMax = 1000;  // a browser has to show them, and each takes 200 KB here
constexpr size_t kProblemsMax = 1000;

StringRef Text(const char* text, size_t size) { return StringRef(text, size); }

// The template takes an empty text for something.
Value OrFalse(StringRef text) { return text.empty() ? Value(false) : Value(text.str()); }

Value FrameValue(const Report& report, const Frame& frame, const Frame* place) {
  const std::string name = Visible(frame.function.empty() ? "?" : frame.function);
  std::string file = PlaceText(report, &frame);
  if (file.empty()) file = Visible(frame.module) + "+0x" + llvm::utohexstr(frame.offset, true);
  return Object{{"function", ShortName(name)},
                {"full", name},
                {"file", file},
                {"own", IsOwn(frame)},
                {"place", &frame == place}};
}

Value PartValue(const Report& report, const Part& part, Colours* colours) {
  Array frames;
  for (const Frame& frame : part.stack->frames) {
    frames.push_back(FrameValue(report, frame, part.place));
  }
  Array source;
  if (part.place != nullptr && part.role == Part::Role::kEvent) {
    for (const SourceLine& line :
         report.sources.Around(part.place->file, part.place->line, kContext)) {
      source.push_back(
          Object{{"number", line.number}, {"text", line.text}, {"marked", line.marked}});
    }
  }
  const bool has_source = !source.empty();
  return Object{{"heading", part.heading},     {"colour", colours->Of(part.actor)},
                {"kept", part.stack->kept},    {"has_source", has_source},
                {"source", std::move(source)}, {"frames", std::move(frames)}};
}

// What the search looks at.
std::string SearchText(const Report& report, const Story& story) {
  std::set<std::string> words = {story.title, story.message, story.object};
  for (const Part& part : story.parts) {
    for (const Frame& frame : part.stack->frames) {
      if (!IsOwn(frame)) continue;
      words.insert(Visible(frame.function));
      words.insert(Visible(report.paths.Shown(frame.file)));
    }
  }
  std::string text;
  for (const std::string& word : words) text += word + " ";
  return text;
}

class Page {
 public:
  explicit Page(const Report& report) : report_(report) {}

  Value Data() {
    Array findings;
    const auto& entries = report_.merged.entries();
    for (const Entry& entry : entries) {
      if (findings.size() == kFindingsMax) break;
      findings.push_back(FindingValue(entry));
    }
    Array problems;
    if (entries.size() > findings.size()) {
      problems.push_back(
          LeftOut(report_, entries.size() - findings.size(), "a page shows no more than 1000"));
    }
    for (const std::string& problem : report_.merged.problems()) {
      if (problems.size() == kProblemsMax) break;
      problems.push_back(Visible(problem));
    }
    const bool has_problems = !problems.empty();
    const auto hash = llvm::SHA256::hash(
        llvm::ArrayRef(reinterpret_cast<const uint8_t*>(kScript), sizeof(kScript)));
    return Object{{"summary", Summary()},
                  {"command", OrFalse(Visible(report_.command))},
                  {"has_problems", has_problems},
                  {"problems", std::move(problems)},
                  {"has_known", has_known_},
                  {"kinds", KindsValue()},
                  {"findings", std::move(findings)},
                  {"style", Text(kStyle, sizeof(kStyle))},
                  {"script", Text(kScript, sizeof(kScript))},
                  {"script_hash", llvm::encodeBase64(hash)}};
  }

 private:
  std::string Summary() const {
    const Merged& merged = report_.merged;
    return Count(merged.entries().size(), "finding", "findings") + " in " +
           Count(merged.records(), "record", "records") + " of " +
           Count(merged.files(), "file", "files");
  }

  Array KindsValue() const {
    Array kinds;
    for (const auto& [kind, id_and_count] : kinds_) {
      kinds.push_back(Object{{"id", id_and_count.first},
                             {"title", Visible(TitleOf(kind))},
                             {"count", id_and_count.second}});
    }
    return kinds;
  }

  Value FindingValue(const Entry& entry) {
    const common::Finding& finding = entry.finding;
    const Story story = StoryOf(finding);
    auto& kind = kinds_.try_emplace(finding.kind.str(), kinds_.size(), 0).first->second;
    kind.second++;
    has_known_ = has_known_ || !entry.is_new;
    Colours colours;
    Array events;
    Array background;
    for (const Part& part : story.parts) {
      Array& list = part.role == Part::Role::kEvent ? events : background;
      list.push_back(PartValue(report_, part, &colours));
    }
    Object value{{"number", ++number_},
                 {"kind_id", kind.first},
                 {"title", story.title},
                 {"object", OrFalse(story.object)},
                 {"place", PlaceText(report_, story.place)},
                 {"seen", "seen " + Count(finding.count, "time", "times") + " in " +
                              Count(entry.files, "file", "files")},
                 {"fingerprint", FingerprintText(finding.fingerprint)},
                 {"note", IsNote(finding.kind)},
                 {"known", !entry.is_new},
                 {"why", OrFalse(Visible(finding.why))},
                 {"advice", OrFalse(AdviceOf(finding.kind))},
                 {"search", SearchText(report_, story)},
                 {"suppression", OrFalse(SuppressionOf(finding))},
                 {"reproduce", report_.command.empty() ? "COMMAND" : Visible(report_.command)},
                 {"timeline", TimelineOf(finding, story, &colours)}};
    value["has_background"] = !background.empty();
    value["events"] = std::move(events);
    value["background"] = std::move(background);
    if (auto graph = GraphOf(finding, &colours)) {
      (*graph->getAsObject())["id"] = number_;
      value["graph"] = std::move(*graph);
    } else {
      value["graph"] = false;
    }
    return Value(std::move(value));
  }

  const Report& report_;
  std::map<std::string, std::pair<uint64_t, uint64_t>> kinds_;
  uint64_t number_ = 0;
  bool has_known_ = false;
};

}  // namespace

void WriteHtml(const Report& report, llvm::raw_ostream& out) {
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  llvm::mustache::MustacheContext context(allocator, saver);
  llvm::mustache::Template page(Text(kTemplate, sizeof(kTemplate)), context);
  Page data(report);
  page.render(data.Data(), out);
}

}  // namespace csan::report
