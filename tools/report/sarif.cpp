// SARIF 2.1.0 (OASIS), within what GitHub ingests: one run, at most 25 000 results, 1000 locations of a
// result and 10 000 steps of its flows; names of files relative to the checkout.
#include <map>

#include "format.h"
#include "kinds.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "place.h"
#include "story.h"
#include "text_util.h"

namespace csan::report {

using common::Frame;
using llvm::StringRef;
using llvm::json::OStream;

namespace {

constexpr size_t kResultsMax = 25000;
constexpr size_t kRelatedMax = 100;
constexpr size_t kFlowsMax = 64;
constexpr size_t kStepsMax = 150;  // of a flow: 64 * 150 < 10 000

// What RFC 3986 lets stand in a path stays, the rest becomes %XX.
std::string Uri(StringRef path) {
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

class Writer {
 public:
  Writer(const Report& report, llvm::raw_ostream& out) : report_(report), json_(out, 1) {}

  void Write() {
    json_.object([&] {
      json_.attribute("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
      json_.attribute("version", "2.1.0");
      json_.attributeArray("runs", [&] { json_.object([&] { PutRun(); }); });
    });
  }

 private:
  void PutText(StringRef key, const llvm::Twine& text) {
    json_.attributeObject(key, [&] { json_.attribute("text", text.str()); });
  }

  void PutRun() {
    json_.attributeObject("tool", [&] {
      json_.attributeObject("driver", [&] {
        json_.attribute("name", "CSan");
        json_.attribute("version", CSAN_VERSION);
        PutRules();
      });
    });
    json_.attributeObject("originalUriBaseIds", [&] {
      json_.attributeObject(
          "SRCROOT", [&] { json_.attribute("uri", "file://" + Uri(report_.paths.root()) + "/"); });
    });
    json_.attributeArray("invocations", [&] { json_.object([&] { PutInvocation(); }); });
    json_.attributeArray("results", [&] {
      size_t n = 0;
      for (const Entry& entry : report_.merged.entries()) {
        if (++n > kResultsMax) break;
        json_.object([&] { PutResult(entry); });
      }
    });
    json_.attribute("columnKind", "utf16CodeUnits");
  }

  void PutInvocation() {
    json_.attribute("executionSuccessful", report_.complete);
    if (!report_.command.empty()) json_.attribute("commandLine", Visible(report_.command));
    json_.attributeArray("toolExecutionNotifications", [&] {
      for (const std::string& problem : report_.merged.problems()) {
        json_.object([&] {
          PutText("message", Visible(problem));
          json_.attribute("level", "warning");
        });
      }
    });
  }

  void PutRules() {
    json_.attributeArray("rules", [&] {
      for (const Entry& entry : report_.merged.entries()) {
        const std::string kind = entry.finding.kind.str();
        if (!rules_.try_emplace(kind, rules_.size()).second) continue;
        json_.object([&] {
          json_.attribute("id", Visible(kind));
          PutText("shortDescription", Visible(TitleOf(kind)));
          PutText("fullDescription", Visible(TitleOf(kind)) + ", found while the program ran.");
          const StringRef advice = AdviceOf(kind);
          PutText("help", advice.empty() ? StringRef("See the documentation of CSan.") : advice);
          json_.attributeObject("defaultConfiguration",
                                [&] { json_.attribute("level", Level(kind)); });
          json_.attributeObject("properties", [&] {
            json_.attributeArray("tags", [&] { json_.value("concurrency"); });
            json_.attribute("precision", IsNote(kind) ? "medium" : "very-high");
            json_.attribute("problem.severity", IsNote(kind) ? "recommendation" : "error");
          });
        });
      }
    });
  }

  static StringRef Level(StringRef kind) { return IsNote(kind) ? "note" : "error"; }

  void PutResult(const Entry& entry) {
    const common::Finding& finding = entry.finding;
    const Story story = StoryOf(finding);
    json_.attribute("ruleId", Visible(finding.kind));
    json_.attribute("ruleIndex", static_cast<int64_t>(rules_[finding.kind.str()]));
    json_.attribute("level", Level(finding.kind));
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
          json_.attribute("uri", Uri(*below));
          json_.attribute("uriBaseId", "SRCROOT");
        } else {
          json_.attribute("uri", "file://" + Uri(report_.paths.Here(frame.file)));
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
  OStream json_;
  std::map<std::string, size_t> rules_;
};

}  // namespace

void WriteSarif(const Report& report, llvm::raw_ostream& out) {
  Writer(report, out).Write();
  out << '\n';
}

}  // namespace csan::report
