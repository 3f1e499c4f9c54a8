#include "base/string.h"

#include <gtest/gtest.h>

#include <random>
#include <regex>
#include <string>

namespace csan {
namespace {

// Sanitizer templates as regular expressions.
bool MatchesAsRegex(const std::string& pattern, const std::string& text) {
  std::string regex;
  for (size_t i = 0; i < pattern.size(); i++) {
    const char c = pattern[i];
    if (c == '*') {
      regex += ".*";
    } else if (c == '^') {
      regex += i == 0 ? "^" : "\\^";
    } else if (c == '$') {
      regex += i + 1 == pattern.size() ? "$" : "\\$";
    } else {
      regex += c;
    }
  }
  return std::regex_search(text, std::regex(regex));
}

std::string Random(std::mt19937& random, const std::string& letters, unsigned longest) {
  std::string s(random() % (longest + 1), ' ');
  for (char& c : s) c = letters[random() % letters.size()];
  return s;
}

TEST(TemplateMatch, AgreesWithRegularExpressions) {
  std::mt19937 random(3);
  for (int i = 0; i < 30000; i++) {
    std::string pattern = Random(random, "aab*", 6);
    if (random() % 3 == 0) pattern = "^" + pattern;
    if (random() % 3 == 0) pattern += "$";
    const std::string text = Random(random, "ab", 8);
    if (pattern.empty()) continue;
    EXPECT_EQ(TemplateMatch(pattern.c_str(), text.c_str()), MatchesAsRegex(pattern, text))
        << "'" << pattern << "' on '" << text << "'";
  }
}

TEST(TemplateMatch, NothingMatchesTheEmptyTemplate) { EXPECT_FALSE(TemplateMatch("", "a")); }

// Suppressions are matched against demangled names of any length.
TEST(TemplateMatch, ManyStarsDoNotTakeForEver) {
  const std::string text(300, 'a');
  EXPECT_FALSE(TemplateMatch("a*a*a*a*a*a*a*a*a*a*b", text.c_str()));
  EXPECT_FALSE(TemplateMatch("^*a*a*a*a*a*a*a*a*b$", text.c_str()));
}

u32 SlowDistance(const std::string& a, const std::string& b) {
  std::vector<std::vector<u32>> d(a.size() + 1, std::vector<u32>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); i++) {
    for (size_t j = 0; j <= b.size(); j++) {
      if (i == 0 || j == 0) {
        d[i][j] = static_cast<u32>(i + j);
      } else {
        d[i][j] = std::min(
            {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      }
    }
  }
  return d[a.size()][b.size()];
}

TEST(EditDistance, AgreesWithTheFullTable) {
  std::mt19937 random(4);
  for (int i = 0; i < 5000; i++) {
    const std::string a = Random(random, "abc", 12);
    const std::string b = Random(random, "abc", 12);
    EXPECT_EQ(EditDistance(a.c_str(), b.c_str()), SlowDistance(a, b)) << a << " " << b;
  }
}

TEST(StrCopy, CutsAndTerminates) {
  char to[4] = {'#', '#', '#', '#'};
  StrCopy(to, "abcdef", 3);
  EXPECT_STREQ(to, "ab");
  EXPECT_EQ(to[3], '#');
  StrCopy(to, "x", 0);
  EXPECT_STREQ(to, "ab");
}

}  // namespace
}  // namespace csan
