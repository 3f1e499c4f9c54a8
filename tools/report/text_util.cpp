#include "text_util.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

namespace csan::report {

using llvm::StringRef;

namespace {

bool Reorders(uint32_t c) {
  return c == 0x200E || c == 0x200F || c == 0x061C || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

// One character of UTF-8, taken from the front; what is none is a byte by itself.
uint32_t TakeCharacter(StringRef* text, StringRef* bytes) {
  const auto* begin = reinterpret_cast<const llvm::UTF8*>(text->data());
  const auto* at = begin;
  llvm::UTF32 c = 0;
  const bool ok = llvm::convertUTF8Sequence(&at, begin + text->size(), &c,
                                            llvm::strictConversion) == llvm::conversionOK;
  const size_t n = ok ? static_cast<size_t>(at - begin) : 1;
  *bytes = text->take_front(n);
  *text = text->drop_front(n);
  return ok ? c : 0xFFFFFFFF;
}

}  // namespace

std::string Visible(StringRef text) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  while (!text.empty()) {
    StringRef bytes;
    const uint32_t c = TakeCharacter(&text, &bytes);
    if (c == 0xFFFFFFFF) {
      stream << "\\x" << llvm::format_hex_no_prefix(static_cast<uint8_t>(bytes[0]), 2);
    } else if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
      stream << "\\x" << llvm::format_hex_no_prefix(c, 2);
    } else if (Reorders(c)) {
      stream << "\\u" << llvm::format_hex_no_prefix(c, 4);
    } else {
      stream << bytes;
    }
  }
  return out;
}

std::string ShortName(StringRef function, size_t width) {
  if (function.size() <= width) return function.str();
  std::string out;
  int depth = 0;
  for (size_t i = 0; i < function.size(); i++) {
    const char c = function[i];
    const StringRef before = function.take_front(i).rtrim("<>=-");
    const bool of_operator = before.ends_with("operator") && i - before.size() < 3;
    if (c == '<' && !of_operator && depth++ == 0) out += "<…>";
    if (depth == 0) out += c;
    if (c == '>' && !of_operator && depth > 0) depth--;
  }
  return depth == 0 ? out : function.str();
}

std::string Count(uint64_t n, StringRef singular, StringRef plural) {
  return (llvm::Twine(n) + " " + (n == 1 ? singular : plural)).str();
}

std::string FingerprintText(uint64_t fingerprint) {
  return llvm::utohexstr(fingerprint, /*LowerCase=*/true, 16);
}

}  // namespace csan::report
