#include "baseline.h"

#include <map>
#include <set>

#include "absl/status/statusor.h"
#include "place.h"
#include "text_util.h"

namespace csan::tool {

using common::Finding;
using report::Entry;
using report::Merged;

namespace {

std::string FunctionsOf(const common::Stack& stack) {
  constexpr int kFrames = 4;
  std::string names;
  int n = 0;
  for (const common::Frame& frame : stack.frames) {
    if (!report::IsOwn(frame) || n++ == kFrames) continue;
    names += frame.function.str() + "\n";
  }
  return names;
}

// Without any line; empty if it would say too little.
std::string LooseKeyOf(const Finding& finding) {
  std::multiset<std::string> stacks;
  if (finding.steps.empty())
    stacks = {FunctionsOf(finding.now.stack), FunctionsOf(finding.before.stack)};
  for (const common::Step& step : finding.steps)
    stacks.insert(FunctionsOf(step.stack) + step.name.str());
  std::string key;
  for (const std::string& stack : stacks) key += stack + "\n\n";
  if (key.find_first_not_of('\n') == std::string::npos) return "";
  return finding.kind.str() + "\n" + finding.object.name.str() + "\n" + key;
}

// Which of `old` and of `now` are the same: by fingerprint, and of those that are left one to one by the
// loose key, so that a second bug in a function is not taken for the first.
struct Pairs {
  std::set<const Entry*> old;
  std::set<const Entry*> now;
};

Pairs Match(const Merged& old, const Merged& now) {
  Pairs pairs;
  const auto pair_by = [&](std::string (*key_of)(const Finding&)) {
    std::multimap<std::string, const Entry*> left;
    for (const Entry& entry : old.entries()) {
      if (pairs.old.count(&entry) == 0) left.emplace(key_of(entry.finding), &entry);
    }
    left.erase("");
    for (const Entry& entry : now.entries()) {
      if (pairs.now.count(&entry) != 0) continue;
      const auto found = left.find(key_of(entry.finding));
      if (found == left.end()) continue;
      pairs.old.insert(found->second);
      pairs.now.insert(&entry);
      left.erase(found);
    }
  };
  pair_by(report::KeyOf);
  pair_by(LooseKeyOf);
  return pairs;
}

}  // namespace

absl::StatusOr<Merged> ReadBaseline(const std::vector<std::string>& paths) {
  Merged baseline = report::ReadAll(paths);
  if (baseline.problems().empty()) return baseline;
  return absl::InvalidArgumentError("the baseline: " +
                                    report::Visible(baseline.problems().front()));
}

void MarkKnown(const Merged& baseline, Merged* merged) {
  const Pairs pairs = Match(baseline, *merged);
  for (Entry& entry : merged->entries()) entry.is_new = pairs.now.count(&entry) == 0;
}

std::vector<const Entry*> Gone(const Merged& baseline, const Merged& merged) {
  const Pairs pairs = Match(baseline, merged);
  std::vector<const Entry*> gone;
  for (const Entry& entry : baseline.entries()) {
    if (pairs.old.count(&entry) == 0) gone.push_back(&entry);
  }
  return gone;
}

}  // namespace csan::tool
