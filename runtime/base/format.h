// Text into a buffer of the caller's: what reports and messages are made with.
#pragma once

#include "base/types.h"

namespace csan {

// Appends and cuts off silently at the capacity; always terminated.
class Text {
 public:
  Text(char* buffer, uptr capacity) : buffer_(buffer), capacity_(capacity) { buffer_[0] = 0; }
  Text& Put(char c);
  Text& Str(const char* s);
  Text& Dec(u64 value);
  Text& Hex(u64 value);  // with 0x
  // As a JSON string, quoted and escaped. What is not UTF-8 (a name that was cut, a file of another
  // encoding) becomes U+FFFD byte by byte: readers refuse anything else.
  Text& Json(const char* s);
  const char* data() const { return buffer_; }
  uptr size() const { return size_; }
  bool cut() const { return size_ + 1 >= capacity_; }

 private:
  char* buffer_;
  uptr capacity_;
  uptr size_ = 0;
};

template <uptr kCapacity>
class Line : public Text {
 public:
  Line() : Text(storage_, kCapacity) {}

 private:
  char storage_[kCapacity];
};

}  // namespace csan
