#include "report.h"

#include <algorithm>
#include <optional>

#include "../common/record_writer.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/Path.h"

namespace csan::audit {
namespace {

using llvm::StringRef;

struct Check {
  const char* name;
  const char* title;
  const char* fix;
  Findings (*find)(const Unit& unit);
};

constexpr Check kChecks[] = {
#define CSAN_CHECK(kind, name, function, title, fix) {name, title, fix, function},
#include "checks.def"
#undef CSAN_CHECK
};

const Check& CheckOf(Kind kind) { return kChecks[static_cast<size_t>(kind)]; }

common::Frame FrameOf(const Unit& unit, const Place& place) {
  const clang::SourceManager& sources = unit.context->getSourceManager();
  const clang::PresumedLoc at =
      sources.getPresumedLoc(sources.getExpansionLoc(place.at->getBeginLoc()));
  common::Frame frame;
  frame.function = NameOf(*place.in);
  if (at.isInvalid()) return frame;
  llvm::SmallString<128> path(at.getFilename());
  sources.getFileManager().makeAbsolutePath(path);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  frame.file = path.str().str();
  frame.line = at.getLine();
  frame.column = at.getColumn();
  return frame;
}

// Of names only: stable across line shifts and machines.
uint64_t FingerprintOf(Kind kind, const Found& found, const common::Finding& record) {
  uint64_t hash = 0xCBF29CE484222325u;
  auto mix = [&](StringRef text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    hash = (hash ^ 0xFF) * 0x100000001B3u;
  };
  mix(NameOf(kind));
  mix(found.object);
  for (const common::Step& step : record.steps) mix(step.stack.frames.front().function);
  mix(llvm::sys::path::filename(record.now.stack.frames.front().file));
  return hash;
}

common::Finding RecordOf(const Unit& unit, Kind kind, const Found& found) {
  common::Finding record;
  record.kind = NameOf(kind);
  auto add = [&](const Place& place) {
    common::Step step;
    step.what = place.what;
    step.name = found.object;
    step.stack = {true, {FrameOf(unit, place)}};
    record.steps.push_back(std::move(step));
  };
  add(found.main);
  for (const Place& place : found.others) add(place);
  record.now.stack = record.steps.front().stack;
  if (record.steps.size() > 1) record.before.stack = record.steps[1].stack;
  record.object.name = found.object;
  record.why = std::string(TitleOf(kind)) + "; " + FixOf(kind) + ".";
  record.fingerprint = FingerprintOf(kind, found, record);
  return record;
}

// The kind that `csan: allow(KIND)` in a line names; empty if it has no such comment.
StringRef AllowedBy(StringRef line) {
  const size_t comment = line.find("csan: allow(");
  if (comment == StringRef::npos) return "";
  return line.substr(comment).split('(').second.split(')').first.trim();
}

StringRef LineOf(const clang::SourceManager& sources, clang::FileID file, unsigned line) {
  bool invalid = false;
  const StringRef text = sources.getBufferData(file, &invalid);
  const clang::SourceLocation begin = sources.translateLineCol(file, line, 1);
  if (invalid || line == 0 || begin.isInvalid()) return "";
  return text.substr(sources.getFileOffset(begin)).split('\n').first;
}

bool IsComment(StringRef line) {
  return line.ltrim().starts_with("//") || line.ltrim().starts_with("/*");
}

// A comment on the line of the finding, or in the lines of comment right above it.
std::optional<unsigned> AllowingLine(const Unit& unit, const Place& place, StringRef kind) {
  const clang::SourceManager& sources = unit.context->getSourceManager();
  const clang::SourceLocation at = sources.getExpansionLoc(place.at->getBeginLoc());
  const clang::FileID file = sources.getFileID(at);
  const unsigned line = sources.getExpansionLineNumber(at);
  if (AllowedBy(LineOf(sources, file, line)) == kind) return line;
  for (unsigned above = line - 1; above > 0 && IsComment(LineOf(sources, file, above)); above--) {
    if (AllowedBy(LineOf(sources, file, above)) == kind) return above;
  }
  return std::nullopt;
}

void ListAllowing(const Unit& unit, Report* report) {
  const clang::SourceManager& sources = unit.context->getSourceManager();
  const clang::FileID main = sources.getMainFileID();
  const StringRef text = sources.getBufferData(main);
  for (size_t at = text.find("csan: allow("); at != StringRef::npos;
       at = text.find("csan: allow(", at + 1)) {
    const StringRef kind = AllowedBy(text.substr(at).split('\n').first);
    const clang::SourceLocation place =
        sources.getLocForStartOfFile(main).getLocWithOffset(static_cast<int>(at));
    llvm::SmallString<128> path(sources.getFilename(place));
    sources.getFileManager().makeAbsolutePath(path);
    llvm::sys::path::remove_dots(path, true);
    report->allowing.insert({path.str().str(), sources.getExpansionLineNumber(place), kind.str()});
  }
}

}  // namespace

const char* NameOf(Kind kind) { return CheckOf(kind).name; }
const char* TitleOf(Kind kind) { return CheckOf(kind).title; }
const char* FixOf(Kind kind) { return CheckOf(kind).fix; }

std::string Quote(const clang::ValueDecl* decl, const char* otherwise) {
  const bool named = decl != nullptr && decl->getIdentifier() != nullptr;
  return named ? "'" + decl->getNameAsString() + "'" : otherwise;
}

void Add(const Unit& unit, Report* report) {
  ListAllowing(unit, report);
  for (size_t i = 0; i < std::size(kChecks); i++) {
    const Kind kind = static_cast<Kind>(i);
    for (const Found& found : kChecks[i].find(unit)) {
      common::Finding record = RecordOf(unit, kind, found);
      const std::string file = record.now.stack.frames.front().file.str();
      if (const auto line = AllowingLine(unit, found.main, kChecks[i].name)) {
        report->matched.insert({file, *line, kChecks[i].name});
        continue;
      }
      report->findings.push_back({kind, std::move(record)});
    }
  }
}

void Sort(Report* report) {
  auto key = [](const Reported& r) {
    return std::tie(r.At().file, r.At().line, r.At().column, r.kind);
  };
  auto& findings = report->findings;
  std::sort(findings.begin(), findings.end(),
            [&](const Reported& a, const Reported& b) { return key(a) < key(b); });
  findings.erase(
      std::unique(findings.begin(), findings.end(),
                  [&](const Reported& a, const Reported& b) { return key(a) == key(b); }),
      findings.end());
}

void PutText(const Report& report, llvm::raw_ostream& out) {
  auto place = [&](const common::Frame& frame) -> llvm::raw_ostream& {
    return out << frame.file << ':' << frame.line << ':' << frame.column << ": ";
  };
  for (const Reported& r : report.findings) {
    place(r.At()) << "warning: " << r.record.steps.front().what << " [" << NameOf(r.kind) << "]\n";
    for (const common::Step& step : llvm::drop_begin(r.record.steps)) {
      place(step.stack.frames.front()) << "note: " << step.what << '\n';
    }
    place(r.At()) << "note: in " << r.At().function << ": " << FixOf(r.kind) << '\n';
  }
  for (const Unused& allowing : report.allowing) {
    if (report.matched.contains(allowing)) continue;
    out << allowing.file << ':' << allowing.line << ":1: note: 'csan: allow(" << allowing.kind
        << ")' silences nothing\n";
  }
}

void PutJson(const Report& report, llvm::raw_ostream& out) {
  for (const Reported& r : report.findings) out << common::ToJson(r.record) << '\n';
}

}  // namespace csan::audit
