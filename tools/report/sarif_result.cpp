#include "sarif_result.h"

#include <map>

#include "kinds.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "place.h"
#include "story.h"
#include "text_util.h"

namespace csan::report {

using common::Frame;
using llvm::StringRef;
using llvm::json::OStream;

namespace {

constexpr size_t kRelatedMax = 100;
constexpr size_t kFlowsMax = 64;
constexpr size_t kStepsMax = 150;  // of a flow: 64 * 150 < 10 000

class Result {
 public:
  Result(const Report& report, OStream& json) : report_(report), json_(json) {}

  void Put(const Entry& entry, size_t rule) {
    const common::Finding& finding = entry.finding;
    const Story story = StoryOf(finding);
    json_.attribute("ruleId", Visible(finding.kind));
    json_.attribute("ruleIndex", static_cast<int64_t>(rule));
    json_.attribute("level", SarifLevel(finding.kind));
    PutText("message", story.message);
    json_.attributeArray("locations", [&] {
      // GitHub refuses a result without a place.
      json_.object([&] { PutLocation(story.place != nullptr ? *story.place : Nowhere(finding)); });
    });
    // GitHub tells by the former whether it knows a result; others by any.
    json_.attributeObject("partialFingerprints", [&] {
      const std::string fingerprint = FingerprintText(finding.fingerprint);
      json_.attribute("primaryLocationLineHash", fingerprint + ":1");
      json_.attribute("csanFingerprint/v" + std::to_string(finding.schema), fingerprint);
    });
    json_.attribute("occurrenceCount", static_cast<int64_t>(finding.count));
    json_.attribute("baselineState", entry.is_new ? "new" : "unchanged");
    json_.attributeArray("relatedLocations", [&] { PutRelated(story); });
    json_.attributeArray("codeFlows", [&] { PutFlow(finding, story); });
  }

 private:
  void PutText(StringRef key, const llvm::Twine& text) {
    json_.attributeObject(key, [&] { json_.attribute("text", text.str()); });
  }

  static Frame Nowhere(const common::Finding& finding) {
    const auto& frames = finding.now.stack.frames;
    Frame frame = frames.empty() ? Frame() : frames.front();
    frame.file = llvm::sys::path::filename(frame.module).str();
    if (frame.file.empty()) frame.file = "unknown";
    frame.line = 1;
    return frame;
  }

  void PutLocation(const Frame& frame, StringRef message = "") {
    json_.attributeObject("physicalLocation", [&] {
      json_.attributeObject("artifactLocation", [&] {
        if (const auto below = report_.paths.BelowRoot(frame.file)) {
          json_.attribute("uri", SarifUri(*below));
          json_.attribute("uriBaseId", "SRCROOT");
        } else {
          json_.attribute("uri", "file://" + SarifUri(report_.paths.Here(frame.file)));
        }
      });
      if (frame.line == 0) return;
      json_.attributeObject("region", [&] {
        json_.attribute("startLine", frame.line);
        if (frame.column != 0) json_.attribute("startColumn", frame.column);
      });
    });
    if (!frame.function.empty()) {
      json_.attributeArray("logicalLocations", [&] {
        json_.object([&] {
          json_.attribute("fullyQualifiedName", Visible(frame.function));
          json_.attribute("kind", "function");
        });
      });
    }
    if (!message.empty()) PutText("message", message);
  }

  void PutRelated(const Story& story) {
    size_t id = 0;
    for (const Part& part : story.parts) {
      if (part.place == nullptr || part.place == story.place || id == kRelatedMax) continue;
      json_.object([&] {
        json_.attribute("id", static_cast<int64_t>(++id));
        PutLocation(*part.place, part.heading);
      });
    }
  }

  // The parts of each actor, in order: where it was created, what it took, what it did.
  void PutFlow(const common::Finding& finding, const Story& story) {
    std::map<uint64_t, std::vector<const Part*>> flows;
    for (const Part& part : story.parts) {
      if (part.role != Part::Role::kEvent || flows.size() == kFlowsMax) continue;
      if (!part.stack->frames.empty()) flows[part.actor];
    }
    for (const auto role : {Part::Role::kTaken, Part::Role::kEvent}) {
      for (const Part& part : story.parts) {
        if (part.role == role && flows.count(part.actor)) flows[part.actor].push_back(&part);
      }
    }
    std::erase_if(flows, [](const auto& flow) { return Steps(flow.second) == 0; });
    if (flows.empty()) return;
    json_.object([&] {
      json_.attributeArray("threadFlows", [&] {
        for (const auto& [actor, parts] : flows) {
          json_.object([&, actor = actor, &parts = parts] {
            json_.attribute("id", "T" + std::to_string(actor));
            PutText("message", Visible(ActorName(finding, actor)));
            json_.attributeArray("locations", [&] { PutSteps(parts); });
          });
        }
      });
    });
  }

  static size_t Steps(const std::vector<const Part*>& parts) {
    size_t n = 0;
    for (const Part* part : parts) {
      for (const Frame& frame : part->stack->frames) n += !frame.file.empty();
    }
    return n;
  }

  // Outer frames first: the way to the place.
  void PutSteps(const std::vector<const Part*>& parts) {
    size_t n = 0;
    for (const Part* part : parts) {
      const auto& frames = part->stack->frames;
      for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
        if (frame->file.empty() || n++ >= kStepsMax) continue;
        const bool place = &*frame == part->place;
        json_.object([&] {
          json_.attributeObject("location", [&] {
            PutLocation(*frame, place ? part->heading : "calls, from " + Visible(frame->function));
          });
          json_.attribute("importance", place           ? "essential"
                                        : IsOwn(*frame) ? "important"
                                                        : "unimportant");
        });
      }
    }
  }

  const Report& report_;
  OStream& json_;
};

}  // namespace

std::string SarifUri(StringRef path) {
  std::string out;
  for (const char c : path) {
    if (llvm::isAlnum(c) || StringRef("-._~/!$&'()*+,;=@").contains(c)) {
      out += c;
    } else {
      out += '%' + llvm::utohexstr(static_cast<unsigned char>(c), /*LowerCase=*/false, 2);
    }
  }
  return out;
}

StringRef SarifLevel(StringRef kind) { return IsNote(kind) ? "note" : "error"; }

void PutSarifResult(const Report& report, const Entry& entry, size_t rule, OStream& json) {
  json.object([&] { Result(report, json).Put(entry, rule); });
}

}  // namespace csan::report
