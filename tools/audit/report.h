// Findings as records and as text, each once, without those that a comment allows.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "../common/finding.h"
#include "finding.h"
#include "llvm/Support/raw_ostream.h"

namespace csan::audit {

// A finding of any unit: what it says no longer needs the unit.
struct Reported {
  Kind kind;
  common::Finding record;

  const common::Frame& At() const { return record.now.stack.frames.front(); }
};

const char* NameOf(Kind kind);
const char* TitleOf(Kind kind);
const char* FixOf(Kind kind);

// A comment `csan: allow(KIND): reason` that allowed nothing.
struct Unused {
  std::string file;
  unsigned line;
  std::string kind;
  auto operator<=>(const Unused&) const = default;
};

struct Report {
  std::vector<Reported> findings;
  std::set<Unused> allowing;  // comments that are there
  std::set<Unused> matched;   // those of them that silenced something
};

// Adds what the unit's checks found.
void Add(const Unit& unit, Report* report);
// Equal ones once, by file and line. Units that share a header find the same in it.
void Sort(Report* report);

void PutText(const Report& report, llvm::raw_ostream& out);
void PutJson(const Report& report, llvm::raw_ostream& out);

}  // namespace csan::audit
