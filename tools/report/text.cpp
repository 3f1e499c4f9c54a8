// For people at a terminal: each finding with its stacks, and the lines of the source they meet at.
#include <algorithm>

#include "format.h"
#include "kinds.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "place.h"
#include "story.h"
#include "text_util.h"

namespace csan::report {

using common::Frame;
using llvm::raw_ostream;

namespace {

constexpr size_t kNameWidth = 56;
constexpr uint64_t kContext = 2;

class Printer {
 public:
  Printer(const Report& report, raw_ostream& out) : report_(report), out_(out) {
    out_.enable_colors(report.colour);
  }

  void PrintEntry(const Entry& entry, size_t number) {
    const Story story = StoryOf(entry.finding);
    const bool note = IsNote(entry.finding.kind);
    Colour(note ? raw_ostream::YELLOW : raw_ostream::RED, true);
    out_ << '[' << number << "] " << story.title;
    if (!story.object.empty()) out_ << " on " << story.object;
    out_.resetColor();
    out_ << (note ? "  (a note)" : "") << (entry.is_new ? "" : "  (in the baseline)") << '\n';
    if (story.place != nullptr) out_ << "    at " << PlaceText(report_, story.place) << '\n';
    out_ << "    seen " << Count(entry.finding.count, "time", "times") << " in "
         << Count(entry.files, "file", "files") << ", fingerprint "
         << FingerprintText(entry.finding.fingerprint) << "\n";
    for (const Part& part : story.parts) PrintPart(part);
    PrintEnd(entry);
  }

 private:
  void Colour(raw_ostream::Colors colour, bool bold = false) {
    if (report_.colour) out_.changeColor(colour, bold);
  }

  void PrintPart(const Part& part) {
    out_ << '\n';
    Colour(raw_ostream::CYAN, part.role == Part::Role::kEvent);
    out_ << "  " << part.heading << ":\n";
    out_.resetColor();
    if (!part.stack->kept) {
      out_ << "      the stack is no longer kept\n";
      return;
    }
    PrintFrames(part.stack->frames);
    if (part.role == Part::Role::kEvent && part.place != nullptr) PrintSource(*part.place);
  }

  void PrintFrames(const common::Frames& frames) {
    std::vector<std::string> names;
    size_t width = 0;
    for (const Frame& frame : frames) {
      names.push_back(
          Visible(frame.function.empty() ? "?" : ShortName(frame.function, kNameWidth)));
      if (names.back().size() <= kNameWidth) width = std::max(width, names.back().size());
    }
    for (size_t i = 0; i < frames.size(); i++) {
      const bool own = IsOwn(frames[i]);
      if (!own) Colour(raw_ostream::BRIGHT_BLACK);
      out_ << llvm::formatv("    #{0,-2} ", i)
           << llvm::left_justify(names[i], static_cast<unsigned>(width)) << ' ';
      if (!frames[i].file.empty()) {
        out_ << PlaceText(report_, &frames[i]);
      } else {
        out_ << '(' << Visible(llvm::sys::path::filename(frames[i].module)) << "+0x"
             << llvm::utohexstr(frames[i].offset, /*LowerCase=*/true) << ')';
      }
      if (!frames[i].coroutine.empty()) {
        out_ << " (coroutine, " << Visible(frames[i].coroutine) << ')';
      }
      out_.resetColor();
      out_ << '\n';
    }
  }

  void PrintSource(const Frame& frame) {
    const auto lines = report_.sources.Around(frame.file, frame.line, kContext);
    if (!lines.empty()) out_ << '\n';
    for (const SourceLine& line : lines) {
      if (line.marked) Colour(raw_ostream::RED, true);
      out_ << llvm::formatv("    {0} {1,6} | {2}\n", line.marked ? ">" : " ", line.number,
                            line.text);
      out_.resetColor();
    }
  }

  void PrintEnd(const Entry& entry) {
    out_ << '\n';
    if (!entry.finding.why.empty()) out_ << "  why      " << Visible(entry.finding.why) << '\n';
    if (const auto advice = AdviceOf(entry.finding.kind); !advice.empty()) {
      out_ << "  mend     " << advice << '\n';
    }
    if (const auto line = SuppressionOf(entry.finding); !line.empty()) {
      out_ << "  silence  " << line << '\n';
    }
    out_ << '\n';
  }

  const Report& report_;
  raw_ostream& out_;
};

}  // namespace

void WriteText(const Report& report, raw_ostream& out) {
  Printer printer(report, out);
  const Merged& merged = report.merged;
  size_t number = 0;
  size_t fresh = 0;
  size_t notes = 0;
  for (const Entry& entry : merged.entries()) {
    printer.PrintEntry(entry, ++number);
    notes += IsNote(entry.finding.kind);
    fresh += Fails(entry);
  }
  out << Count(number - notes, "finding", "findings");
  if (fresh != number - notes) out << ", " << fresh << " of them new";
  if (notes != 0) out << ", " << Count(notes, "note", "notes");
  out << "; " << Count(merged.records(), "record", "records") << " in "
      << Count(merged.files(), "file", "files") << '\n';
}

}  // namespace csan::report
