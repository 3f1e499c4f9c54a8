//===- Model.h - What functions of a library do, as a model says ----------===//
//
// A model is a YAML file: a list of rules, each of which gives functions an operation of
// abi/operations.def. README.md has the words.
//
//===----------------------------------------------------------------------===//
#ifndef CSAN_MODEL_MODEL_H
#define CSAN_MODEL_MODEL_H

#include "abi/operations.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace csan {

/// A glob for names of functions: of symbols if it begins with _Z, else as the program writes them. Without a
/// '<' it leaves template arguments out, without a '(' parameters.
struct FunctionPattern {
  std::unique_ptr<std::string> Text; // the glob refers to it, wherever the pattern is moved
  llvm::GlobPattern Glob;
  /// A part without which a symbol cannot match; may be empty.
  std::string Literal;
};

/// An argument of the call, from 0; `this` is the first. A hidden pointer to what is returned does not count.
struct Argument {
  static constexpr int Result = -1;
  int Index = 0;
  /// Not the argument, but the pointer that it points to.
  bool Indirect = false;
};

/// What the result says.
struct Condition {
  llvm::CmpInst::Predicate Relation = llvm::CmpInst::ICMP_NE;
  int64_t Value = 0;
};

struct Rule {
  std::vector<FunctionPattern> Functions;
  abi::Operation Op{};
  std::optional<Argument> Object;
  /// What a select waits for, and what it would do; else its object is an array of them.
  std::vector<Argument> Objects;
  std::vector<abi::Case> Cases;
  /// Capacity of a channel, change of a count, or length of an array.
  std::optional<Argument> Number;
  std::optional<Condition> When, Closed;
  /// References whose objects the call reads, and writes.
  std::vector<int> Reads, Writes;
  bool ChecksInside = false;
  /// The function tells it when it begins, not who calls it.
  bool AtEntry = false;
  /// A lock is held by the fiber that takes it, not by its thread.
  bool FibersHold = false;
  bool Lenient = false, MustDrain = false, MayDrop = false;
};

/// The rules in the text, whose name is the file's. If it is wrong, none, and \p Error says where and why.
std::vector<Rule> parseModel(llvm::MemoryBufferRef Text, std::string &Error);
std::vector<Rule> readModel(llvm::StringRef File, std::string &Error);

} // namespace csan

#endif
