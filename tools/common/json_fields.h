// Members of a JSON object by name and type; the first that is not as it must be is named:
// "expected a whole number at record.now.stack[0].line".
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <vector>

#include "llvm/ADT/StringRef.h"
#include "name.h"

namespace csan::common {

using Json = simdjson::dom::element;

// A place in a document; lives as long as what is inside it is read.
class Where {
 public:
  Where(const char* root, std::string* mistake) : key_(root), mistake_(mistake) {}
  Where(const Where& outer, const char* key)
      : outer_(&outer), key_(key), mistake_(outer.mistake_) {}
  Where(const Where& outer, size_t index)
      : outer_(&outer), index_(index), mistake_(outer.mistake_) {}

  // False, so that it can be returned.
  bool Wrong(const char* what) const;

 private:
  std::string Text() const;

  const Where* outer_ = nullptr;
  const char* key_ = nullptr;  // nullptr: an index
  size_t index_ = 0;
  std::string* mistake_;
};

bool Read(const Json& from, uint64_t& to, const Where& where);
bool Read(const Json& from, bool& to, const Where& where);
bool Read(const Json& from, Name& to, const Where& where);

// An own type's Read is found by its argument.
template <typename Item>
bool Read(const Json& from, std::vector<Item>& to, const Where& where) {
  simdjson::dom::array items;
  if (from.get(items) != simdjson::SUCCESS) return where.Wrong("expected a list");
  to.reserve(items.size());
  for (const Json item : items) {
    const size_t i = to.size();
    if (!Read(item, to.emplace_back(), Where(where, i))) return false;
  }
  return true;
}

template <typename Value>
bool Read(const Json& from, std::optional<Value>& to, const Where& where) {
  return Read(from, to.emplace(), where);
}

class Fields {
 public:
  Fields(const Json& from, const Where& where) : where_(where) {
    ok_ = from.get(object_) == simdjson::SUCCESS || where.Wrong("expected an object");
  }
  explicit operator bool() const { return ok_; }

  template <typename Value>
  bool Get(const char* key, Value& to) const {
    Json value;
    if (object_.at_key(key).get(value) == simdjson::SUCCESS) {
      return Read(value, to, Where(where_, key));
    }
    return Where(where_, key).Wrong("missing value");
  }
  // What is not there keeps its value.
  template <typename Value>
  bool GetIfThere(const char* key, Value& to) const {
    Json value;
    return object_.at_key(key).get(value) != simdjson::SUCCESS ||
           Read(value, to, Where(where_, key));
  }

 private:
  const Where& where_;
  simdjson::dom::object object_;
  bool ok_ = false;
};

}  // namespace csan::common
