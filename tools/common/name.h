// A text that many findings have in common, as names of functions and files are: kept once, for good,
// however many findings hold it, so that 100 000 findings fit into memory.
//
// Thread-safe. Making one costs a look-up in a hash table, copying one a pointer.
#pragma once

#include <string>

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

namespace csan::common {

class Name {
 public:
  Name() = default;
  Name(llvm::StringRef text);
  Name(const std::string& text) : Name(llvm::StringRef(text)) {}
  Name(const char* text) : Name(llvm::StringRef(text)) {}

  operator llvm::StringRef() const { return entry_ == nullptr ? "" : entry_->getKey(); }
  llvm::StringRef view() const { return *this; }
  std::string str() const { return view().str(); }
  bool empty() const { return entry_ == nullptr; }
  // Equal names have the same, of this run only.
  const void* id() const { return entry_; }

  bool operator==(const Name& other) const { return entry_ == other.entry_; }
  bool operator<(const Name& other) const { return view() < other.view(); }
  bool operator==(llvm::StringRef text) const { return view() == text; }
  bool operator==(const char* text) const { return view() == text; }
  bool operator==(const std::string& text) const { return view() == text; }

 private:
  const llvm::StringMapEntry<llvm::EmptyStringSetTag>* entry_ = nullptr;  // nullptr: the empty text
};

}  // namespace csan::common
