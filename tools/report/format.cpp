#include "format.h"

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

std::string LeftOut(const Report& report, size_t left_out, llvm::StringRef why) {
  const std::string text = std::to_string(left_out) + " of " +
                           Count(report.merged.entries().size(), "finding", "findings") +
                           " are left out, because " + why.str() + ".";
  if (report.remarks != nullptr) report.remarks->push_back(text);
  return text;
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
