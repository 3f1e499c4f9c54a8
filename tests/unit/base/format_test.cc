#include "base/format.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <iterator>
#include <random>
#include <string>

namespace csan {
namespace {

TEST(Format, NumbersAreAsPrintfWritesThem) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; i++) {
    const u64 value = i < 64 ? (1ull << i) - (i % 2 == 0 ? 1 : 0) : random() >> (random() % 64);
    Line<64> dec, hex;
    char want[64];
    snprintf(want, sizeof(want), "0x%lx", value);
    EXPECT_EQ(dec.Dec(value).data(), std::to_string(value));
    EXPECT_STREQ(hex.Hex(value).data(), want);
  }
}

TEST(Format, TextIsCutAtTheCapacityAndTerminated) {
  const std::string all = "a long line of text";
  for (uptr capacity = 1; capacity <= all.size() + 3; capacity++) {
    std::string buffer(capacity + 1, '#');
    Text text(buffer.data(), capacity);
    text.Str(all.c_str());
    EXPECT_EQ(std::string(text.data()), all.substr(0, capacity - 1));
    EXPECT_EQ(text.size(), std::min<size_t>(all.size(), capacity - 1));
    EXPECT_EQ(text.cut(), capacity <= all.size() + 1);
    EXPECT_EQ(buffer[capacity], '#') << "written past the end";
  }
}

// What a JSON parser makes of a string literal without \b, \f and surrogates.
std::string Unquoted(const std::string& json) {
  std::string out;
  for (size_t i = 1; i + 1 < json.size(); i++) {
    if (json[i] != '\\') {
      EXPECT_GE(static_cast<u8>(json[i]), 0x20);
      EXPECT_NE(json[i], '"');
      out += json[i];
    } else if (json[++i] == 'u') {
      out += static_cast<char>(std::stoi(json.substr(i + 1, 4), nullptr, 16));
      i += 4;
    } else {
      out += json[i];
    }
  }
  return out;
}

TEST(Format, JsonStringsReadBackAsTheyWere) {
  std::mt19937 random(2);
  for (int i = 0; i < 5000; i++) {
    std::string s(random() % 20, ' ');
    for (char& c : s) c = static_cast<char>(1 + random() % 127);
    Line<256> line;
    line.Json(s.c_str());
    const std::string json = line.data();
    ASSERT_GE(json.size(), 2u);
    EXPECT_EQ(json.front(), '"');
    EXPECT_EQ(json.back(), '"');
    EXPECT_EQ(Unquoted(json), s);
  }
}

std::string Utf8(u32 c) {
  const auto tail = [&](u32 shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | c >> 6), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)};
}

// The code point whose encoding `s` begins with, or -1: decoded by length alone, encoded again.
int CodePoint(const std::string& s) {
  for (size_t n = 1; n <= 4 && n <= s.size(); n++) {
    u32 c = static_cast<u8>(s[0]) & (n == 1 ? 0x7Fu : 0x7Fu >> n);
    for (size_t i = 1; i < n; i++) c = c << 6 | (static_cast<u8>(s[i]) & 0x3Fu);
    if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) continue;
    if (s.compare(0, n, Utf8(c)) == 0) return static_cast<int>(c);
  }
  return -1;
}

TEST(Format, JsonStringsAreUtf8) {
  constexpr u8 kBytes[] = {'a',  0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF,
                           0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xF8, 0xFF};
  std::mt19937 random(3);
  for (int i = 0; i < 200000; i++) {
    std::string s;
    while (random() % 6 != 0) s += static_cast<char>(kBytes[random() % std::size(kBytes)]);
    std::string wanted;
    for (size_t at = 0; at < s.size();) {
      const int c = CodePoint(s.substr(at));
      wanted += c < 0 ? "\\ufffd" : Utf8(static_cast<u32>(c));
      at += c < 0 ? 1 : Utf8(static_cast<u32>(c)).size();
    }
    Line<512> line;
    line.Json(s.c_str());
    ASSERT_EQ(line.data(), '"' + wanted + '"');
  }
}

}  // namespace
}  // namespace csan
