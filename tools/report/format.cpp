#include "format.h"

#include <algorithm>

#include "kinds.h"
#include "record_writer.h"
#include "text_util.h"

namespace csan::report {

namespace {

constexpr Format kFormats[] = {
#define CSAN_FORMAT(name, function, help) {name, function},
#include "formats.def"
#undef CSAN_FORMAT
};

}  // namespace

llvm::ArrayRef<Format> Formats() { return kFormats; }

bool Fails(const Entry& entry) { return entry.is_new && !IsNote(entry.finding.kind); }

std::vector<const Entry*> ByWeight(const Merged& merged) {
  std::vector<const Entry*> entries;
  for (const bool fails : {true, false}) {
    for (const Entry& entry : merged.entries()) {
      if (Fails(entry) == fails) entries.push_back(&entry);
    }
  }
  return entries;
}

std::string LeftOut(const Report& report, size_t left_out, llvm::StringRef why) {
  const std::string text = std::to_string(left_out) + " of " +
                           Count(report.merged.entries().size(), "finding", "findings") +
                           " are left out, because " + why.str() + ".";
  if (report.remarks != nullptr) report.remarks->push_back(text);
  return text;
}

std::vector<std::string> ShownProblems(const Merged& merged) {
  constexpr size_t kMax = 100;
  const std::vector<std::string>& problems = merged.problems();
  std::vector<std::string> shown;
  for (size_t i = 0; i < std::min(problems.size(), kMax); i++)
    shown.push_back(Visible(problems[i]));
  if (problems.size() > kMax) {
    shown.push_back(Count(problems.size() - kMax, "more problem", "more problems"));
  }
  return shown;
}

std::string PlaceText(const Report& report, const common::Frame* frame) {
  if (frame == nullptr || frame->file.empty()) return "";
  std::string text = Visible(report.paths.Shown(frame->file)) + ":" + std::to_string(frame->line);
  if (frame->column != 0) text += ":" + std::to_string(frame->column);
  return text;
}

void WriteRecords(const Report& report, llvm::raw_ostream& out) {
  for (const Entry& entry : report.merged.entries()) out << common::ToJson(entry.finding) << '\n';
}

}  // namespace csan::report
