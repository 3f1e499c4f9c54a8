#include "base/format.h"

#include <gtest/gtest.h>

#include <cstdio>
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

}  // namespace
}  // namespace csan
