#include "config/suppressions.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace csan {
namespace {

// The list only grows: each test uses names of its own. Empty if the file was accepted.
std::string ErrorOf(const std::string& content) {
  char path[] = "/tmp/suppressions_testXXXXXX";
  close(mkstemp(path));
  std::ofstream(path, std::ios::binary) << content;
  char error[600] = "";
  const bool ok = ReadSuppressions(path, error, sizeof(error));
  unlink(path);
  const std::string said = error;
  EXPECT_EQ(ok, said.empty());
  const std::string prefix = std::string(path) + ":";
  return said.rfind(prefix, 0) == 0 ? said.substr(prefix.size()) : said;
}

TEST(Suppressions, LinesAreReadWithCommentsBlanksAndCarriageReturns) {
  const u32 before = SuppressionCount();
  EXPECT_EQ(ErrorOf("# all of it\r\n\r\n  race:^Alpha*Run$\t \r\n\nrace_top:Beta\n"
                    "called_from_lib:libgamma.so"),
            "");
  EXPECT_EQ(SuppressionCount(), before + 3);
  EXPECT_NE(MatchSuppression("race", "Alpha::Deep::Run"), nullptr);
  EXPECT_EQ(MatchSuppression("race", "My::Alpha::Run"), nullptr);
  EXPECT_EQ(MatchSuppression("race", "Alpha::Runner"), nullptr);
  EXPECT_EQ(MatchSuppression("race", "Beta"), nullptr) << "of another type";
  EXPECT_NE(MatchSuppression("race_top", "ns::Beta<int>"), nullptr);
  EXPECT_NE(MatchSuppression("called_from_lib", "/usr/lib/libgamma.so.6"), nullptr);
}

TEST(Suppressions, EveryFindingCanBeSilencedByTheTypeThatItNames) {
#define CSAN_FINDING(id, name, title, silenced_by) \
  EXPECT_EQ(ErrorOf(std::string(silenced_by) + ":SilencedBy\n"), "") << (name);
#include "report/findings.def"
#undef CSAN_FINDING
}

TEST(Suppressions, MatchesAreCounted) {
  EXPECT_EQ(ErrorOf("race:Delta\n"), "");
  const Suppression* s = nullptr;
  for (int i = 0; i < 3; i++) s = MatchSuppression("race", "Delta");
  ASSERT_NE(s, nullptr);
  EXPECT_EQ(s->matches, 3u);
}

TEST(Suppressions, MistakesAreNamedWithTheirLine) {
  EXPECT_EQ(ErrorOf("race:x1\n\nrase:y\n").rfind("3: unknown suppression type 'rase'", 0), 0u);
  EXPECT_EQ(ErrorOf("no colon\n").rfind("1: 'no colon' is not of the form type:template", 0), 0u);
  EXPECT_EQ(ErrorOf("race:\n").rfind("1: ", 0), 0u);
  EXPECT_EQ(ErrorOf("race:" + std::string(300, 'x')).rfind("1: the template is too long", 0), 0u);
  EXPECT_EQ(
      ErrorOf("race:" + std::string(3000, 'x') + "\n").rfind("1: the template is too long", 0), 0u);
}

TEST(Suppressions, AMissingFileIsAMistake) {
  char error[600] = "";
  EXPECT_FALSE(ReadSuppressions("/no/such/file", error, sizeof(error)));
  EXPECT_NE(std::string(error).find("cannot read"), std::string::npos);
}

}  // namespace
}  // namespace csan
