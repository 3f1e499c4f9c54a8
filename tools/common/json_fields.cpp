#include "json_fields.h"

namespace csan::common {

std::string Where::Text() const {
  const std::string outer = outer_ == nullptr ? "" : outer_->Text();
  if (key_ == nullptr) return outer + "[" + std::to_string(index_) + "]";
  return outer + (outer_ == nullptr ? "" : ".") + key_;
}

bool Where::Wrong(const char* what) const {
  *mistake_ = std::string(what) + " at " + Text();
  return false;
}

bool Read(const Json& from, uint64_t& to, const Where& where) {
  return from.get(to) == simdjson::SUCCESS || where.Wrong("expected a whole number from 0 on");
}

bool Read(const Json& from, bool& to, const Where& where) {
  return from.get(to) == simdjson::SUCCESS || where.Wrong("expected true or false");
}

bool Read(const Json& from, Name& to, const Where& where) {
  std::string_view text;
  if (from.get(text) != simdjson::SUCCESS) return where.Wrong("expected a text");
  to = llvm::StringRef(text);
  return true;
}

}  // namespace csan::common
