// A frame of a stack, and lists of them. Calls lead to many findings by the same way, so that a frame is
// kept once, for good, as names are, and a stack is a list of pointers: a seventh of the memory.
//
// Thread-safe like Name. Adding a frame costs a look-up in a hash table.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "llvm/ADT/iterator.h"
#include "name.h"

namespace csan::common {

// A name that is not known is empty, a number that is not known is 0.
struct Frame {
  Name function;
  Name file;
  uint64_t line = 0;
  uint64_t column = 0;
  Name module;
  uint64_t offset = 0;  // in the module
  Name coroutine;       // "resumed" or "destroyed": what its caller did; else empty

  bool operator==(const Frame&) const = default;
};

// Innermost first.
class Frames {
 public:
  using List = std::vector<const Frame*>;
  using const_iterator = llvm::pointee_iterator<List::const_iterator, const Frame>;
  using const_reverse_iterator = llvm::pointee_iterator<List::const_reverse_iterator, const Frame>;

  Frames() = default;
  Frames(std::initializer_list<Frame> frames) {
    for (const Frame& frame : frames) push_back(frame);
  }

  void push_back(const Frame& frame) { list_.push_back(Kept(frame)); }
  void reserve(size_t size) { list_.reserve(size); }

  bool empty() const { return list_.empty(); }
  size_t size() const { return list_.size(); }
  const Frame& front() const { return *list_.front(); }
  const Frame& operator[](size_t index) const { return *list_[index]; }
  const Frame& at(size_t index) const { return *list_.at(index); }
  const_iterator begin() const { return const_iterator(list_.begin()); }
  const_iterator end() const { return const_iterator(list_.end()); }
  const_reverse_iterator rbegin() const { return const_reverse_iterator(list_.rbegin()); }
  const_reverse_iterator rend() const { return const_reverse_iterator(list_.rend()); }

 private:
  // The one that is equal.
  static const Frame* Kept(const Frame& frame);

  List list_;
};

}  // namespace csan::common
