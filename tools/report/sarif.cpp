// SARIF 2.1.0 (OASIS), within what GitHub ingests: one run, at most 25 000 results, 1000 locations of a
// result and 10 000 steps of its flows, 10 MB when compressed; names of files relative to the checkout.
// Where not all findings fit, those that are new and fail the run come first, and a notification says how
// many are left out.
#include <algorithm>
#include <map>

#include "format.h"
#include "gzip_size.h"
#include "kinds.h"
#include "llvm/Support/JSON.h"
#include "sarif_result.h"
#include "text_util.h"

namespace csan::report {

using llvm::StringRef;
using llvm::json::OStream;

namespace {

constexpr size_t kResultsMax = 25000;
constexpr uint64_t kGzipBytesMax =
    9'500'000;  // rules, notifications and what is not yet counted need some

class Writer {
 public:
  Writer(const Report& report, llvm::raw_ostream& out)
      : report_(report), json_(out, 1), entries_(ByWeight(report.merged)) {}

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
      json_.attributeObject("SRCROOT", [&] {
        json_.attribute("uri", "file://" + SarifUri(report_.paths.root()) + "/");
      });
    });
    json_.attributeArray("results", [&] { PutResults(); });
    json_.attributeArray("invocations", [&] { json_.object([&] { PutInvocation(); }); });
    json_.attribute("columnKind", "utf16CodeUnits");
  }

  void PutResults() {
    GzipSize size;
    for (const Entry* entry : entries_) {
      if (results_ == kResultsMax || size.Bytes() > kGzipBytesMax) break;
      std::string text;
      llvm::raw_string_ostream stream(text);
      OStream one(stream, 1);
      PutSarifResult(report_, *entry, rules_[entry->finding.kind.str()], one);
      size.Add(text);
      json_.rawValue(text);
      results_++;
    }
  }

  void PutInvocation() {
    json_.attribute("executionSuccessful", report_.complete);
    if (!report_.command.empty()) json_.attribute("commandLine", Visible(report_.command));
    json_.attributeArray("toolExecutionNotifications", [&] {
      if (results_ < entries_.size()) {
        PutNotification(LeftOut(report_, entries_.size() - results_,
                                "GitHub takes no more than 25 000, and 10 MB when compressed"));
      }
      for (const std::string& problem : ShownProblems(report_.merged)) PutNotification(problem);
    });
  }

  void PutNotification(const std::string& text) {
    json_.object([&] {
      PutText("message", text);
      json_.attribute("level", "warning");
    });
  }

  void PutRules() {
    json_.attributeArray("rules", [&] {
      for (const Entry* entry : entries_) {
        if (rules_.size() == kResultsMax) break;
        const std::string kind = entry->finding.kind.str();
        if (!rules_.try_emplace(kind, rules_.size()).second) continue;
        json_.object([&] {
          json_.attribute("id", Visible(kind));
          PutText("shortDescription", Visible(TitleOf(kind)));
          PutText("fullDescription", Visible(TitleOf(kind)) + ", found while the program ran.");
          const StringRef advice = AdviceOf(kind);
          PutText("help", advice.empty() ? StringRef("See the documentation of CSan.") : advice);
          json_.attributeObject("defaultConfiguration",
                                [&] { json_.attribute("level", SarifLevel(kind)); });
          json_.attributeObject("properties", [&] {
            json_.attributeArray("tags", [&] { json_.value("concurrency"); });
            json_.attribute("precision", IsNote(kind) ? "medium" : "very-high");
            json_.attribute("problem.severity", IsNote(kind) ? "recommendation" : "error");
          });
        });
      }
    });
  }

  const Report& report_;
  OStream json_;
  const std::vector<const Entry*> entries_;
  std::map<std::string, size_t> rules_;
  size_t results_ = 0;
};

}  // namespace

void WriteSarif(const Report& report, llvm::raw_ostream& out) {
  Writer(report, out).Write();
  out << '\n';
}

}  // namespace csan::report
