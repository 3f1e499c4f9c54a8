#include "suppression.h"

#include <chrono>
#include <ctime>

#include "kinds.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "place.h"

namespace csan::tool {

using common::Finding;
using common::Stack;
using llvm::StringRef;

namespace {

constexpr llvm::StringLiteral kComment = "# csan:";

// "owner=ada expires=2027-03-31 reason=all the rest".
void ReadComment(StringRef text, Suppression* suppression) {
  for (text = text.trim(); !text.empty(); text = text.ltrim()) {
    const auto [key, rest] = text.split('=');
    if (key == "reason") {
      suppression->reason = rest.str();
      return;
    }
    const auto [value, behind] = rest.split(' ');
    if (key == "owner") suppression->owner = value.str();
    if (key == "expires") suppression->expires = value.str();
    if (key == "fingerprint") suppression->fingerprint = value.str();
    text = behind;
  }
}

struct Candidate {
  StringRef type;
  std::string name;
  bool top;  // of the innermost frame only
};

std::vector<const Stack*> StacksOf(const Finding& finding) {
  std::vector<const Stack*> stacks = {&finding.now.stack, &finding.before.stack};
  for (const common::Step& step : finding.steps) stacks.push_back(&step.stack);
  return stacks;
}

bool Silences(const Candidate& candidate, StringRef type, const Finding& finding) {
  const report::Kind* kind = report::FindKind(finding.kind);
  if (kind == nullptr || kind->silenced_by != type) return false;
  for (const Stack* stack : StacksOf(finding)) {
    for (const common::Frame& frame : stack->frames) {
      if (frame.function == candidate.name) return true;
      if (candidate.top) break;
    }
  }
  if (candidate.top) return false;
  for (const common::Step& step : finding.steps) {
    if (step.name == candidate.name) return true;
  }
  return finding.object.name == candidate.name;
}

// In the order of preference when they silence equally many.
std::vector<Candidate> CandidatesFor(const Finding& finding, StringRef type) {
  std::vector<Candidate> candidates;
  const auto add = [&](StringRef name, bool top) {
    // A pattern cannot say that a star is one.
    if (!name.empty() && !name.contains('*') && !name.contains('\n')) {
      candidates.push_back({top ? "race_top" : type, name.str(), top});
    }
  };
  for (const Stack* stack : StacksOf(finding)) {
    if (stack->frames.empty() || !report::IsOwn(stack->frames[0])) continue;
    if (type == "race") add(stack->frames[0].function, true);
  }
  add(finding.object.name, false);
  for (const Stack* stack : StacksOf(finding)) {
    for (const common::Frame& frame : stack->frames) {
      if (report::IsOwn(frame)) add(frame.function, false);
    }
  }
  for (const Stack* stack : StacksOf(finding)) {
    if (!stack->frames.empty()) add(stack->frames[0].function, false);
  }
  return candidates;
}

}  // namespace

absl::StatusOr<std::vector<Suppression>> ReadSuppressions(const std::string& path) {
  auto file = llvm::MemoryBuffer::getFile(path);
  if (!file) {
    return absl::NotFoundError(path + ": cannot be read: " + file.getError().message() + ".");
  }
  std::vector<Suppression> suppressions;
  Suppression next;
  llvm::SmallVector<StringRef, 0> lines;
  (*file)->getBuffer().split(lines, '\n');
  for (size_t i = 0; i < lines.size(); i++) {
    const StringRef line = lines[i].trim();
    if (line.starts_with(kComment)) ReadComment(line.drop_front(kComment.size()), &next);
    if (line.empty() || line.starts_with("#")) continue;
    next.line = line.str();
    next.where = path + ":" + std::to_string(i + 1);
    suppressions.push_back(next);
    next = Suppression();
  }
  return suppressions;
}

bool IsDate(StringRef text) {
  const auto digits = [&](size_t from, size_t n) {
    return llvm::all_of(text.substr(from, n), llvm::isDigit);
  };
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && digits(0, 4) && digits(5, 2) &&
         digits(8, 2) && !text.substr(0, 4).getAsInteger(10, year) &&
         !text.substr(5, 2).getAsInteger(10, month) && !text.substr(8, 2).getAsInteger(10, day) &&
         std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month),
                                     std::chrono::day(day))
             .ok();
}

std::string Today() {
  const std::time_t now = std::time(nullptr);
  std::tm utc = {};
  gmtime_r(&now, &utc);
  char text[16];
  std::strftime(text, sizeof(text), "%Y-%m-%d", &utc);
  return text;
}

std::string Expired(const Suppression& suppression, StringRef today) {
  if (suppression.expires.empty()) return "";
  const std::string what = suppression.where + ": '" + suppression.line + "'";
  if (!IsDate(suppression.expires)) {
    return what + " expires on '" + suppression.expires + "', which is no date like 2027-03-31.";
  }
  if (StringRef(suppression.expires) >= today) return "";
  return what + " expired on " + suppression.expires +
         (suppression.owner.empty() ? "" : "; its owner is " + suppression.owner) + ".";
}

std::string NarrowestFor(const Finding& finding, const report::Merged& all, size_t* others) {
  const report::Kind* kind = report::FindKind(finding.kind);
  if (kind == nullptr) return "";
  std::string best;
  *others = 0;
  for (const Candidate& candidate : CandidatesFor(finding, kind->silenced_by)) {
    if (!Silences(candidate, kind->silenced_by, finding)) continue;
    size_t n = 0;
    for (const report::Entry& entry : all.entries()) {
      n += Silences(candidate, kind->silenced_by, entry.finding);
    }
    if (!best.empty() && n >= *others) continue;
    best = (candidate.type + ":^" + candidate.name + "$").str();
    *others = n;
  }
  if (*others > 0) (*others)--;  // the finding itself is one of them
  return best;
}

std::string TextOf(const Suppression& suppression) {
  std::string text = (kComment + " owner=" + suppression.owner).str();
  if (!suppression.expires.empty()) text += " expires=" + suppression.expires;
  text += " fingerprint=" + suppression.fingerprint + " reason=" + suppression.reason + "\n";
  return text + suppression.line + "\n";
}

}  // namespace csan::tool
