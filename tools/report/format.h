// The formats of a report. Each is a function from what was merged to a stream; formats.def lists them.
#pragma once

#include <string>
#include <vector>

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include "merge.h"
#include "paths.h"
#include "source.h"

namespace csan::report {

struct Report {
  const Merged& merged;
  const Paths& paths;
  Sources& sources;
  bool colour = false;
  // How to see the findings again: the command that was run; empty if that is not known.
  std::string command;
  bool complete = true;  // false: not everything was run, or not every record could be read
  // What a format has to say of itself: that it has left something out. May be null.
  std::vector<std::string>* remarks = nullptr;
};

#define CSAN_FORMAT(name, function, help) \
  void function(const Report& report, llvm::raw_ostream& out);
#include "formats.def"
#undef CSAN_FORMAT

struct Format {
  llvm::StringLiteral name;
  void (*write)(const Report& report, llvm::raw_ostream& out);
};
llvm::ArrayRef<Format> Formats();

// Whether it fails the run: new, and no note.
bool Fails(const Entry& entry);

// In the order of the report, but those that fail the run first: for formats that may have to leave some out.
std::vector<const Entry*> ByWeight(const Merged& merged);

// "12 of 30 findings are left out, because WHY.", also as a remark.
std::string LeftOut(const Report& report, size_t left_out, llvm::StringRef why);

// As many problems as a reader wants to see, ready to be shown, and how many more there are.
std::vector<std::string> ShownProblems(const Merged& merged);

// "src/main.cpp:12:3", or empty.
std::string PlaceText(const Report& report, const common::Frame* frame);

}  // namespace csan::report
