#include "config/flags.h"

#include <gtest/gtest.h>

#include <string>

namespace csan {
namespace {

// Empty if the text was accepted.
std::string ErrorOf(const std::string& text) {
  char error[600] = "";
  return ParseFlags(text.c_str(), error, sizeof(error)) ? "" : error;
}

TEST(Flags, NullAndEmptyLeaveTheDefaults) {
  char error[8];
  EXPECT_TRUE(ParseFlags(nullptr, error, sizeof(error)));
  EXPECT_EQ(ErrorOf(""), "");
  EXPECT_EQ(ErrorOf(" :, \t\n"), "");
  EXPECT_EQ(flags().exitcode, 66);
  EXPECT_STREQ(flags().format.text, "text");
}

TEST(Flags, AnySeparatorSeparates) {
  EXPECT_EQ(ErrorOf("exitcode=3:halt_on_error=1,symbolize=no quarantine_mb=9\n"), "");
  EXPECT_EQ(flags().exitcode, 3);
  EXPECT_TRUE(flags().halt_on_error);
  EXPECT_FALSE(flags().symbolize);
  EXPECT_EQ(flags().quarantine_mb, 9);
  EXPECT_EQ(ErrorOf("exitcode=66:halt_on_error=no:symbolize=yes:quarantine_mb=4"), "");
}

TEST(Flags, QuotedValuesKeepSeparators) {
  EXPECT_EQ(ErrorOf("log_path='/a b:c,d':exitcode=4"), "");
  EXPECT_STREQ(flags().log_path.text, "/a b:c,d");
  EXPECT_EQ(flags().exitcode, 4);
  EXPECT_EQ(ErrorOf("log_path=\"it's\":exitcode=66"), "");
  EXPECT_STREQ(flags().log_path.text, "it's");
  EXPECT_EQ(ErrorOf("log_path=stderr"), "");
}

TEST(Flags, TheLastValueWins) {
  EXPECT_EQ(ErrorOf("exitcode=1:exitcode=2"), "");
  EXPECT_EQ(flags().exitcode, 2);
  EXPECT_EQ(ErrorOf("exitcode=66"), "");
}

TEST(Flags, MistakesAreNamed) {
  EXPECT_NE(ErrorOf("exitcod=1").find("did you mean 'exitcode'"), std::string::npos);
  EXPECT_NE(ErrorOf("zzzzzzzzzzzz=1").find("there is no option 'zzzzzzzzzzzz'"), std::string::npos);
  EXPECT_NE(ErrorOf("halt_on_error").find("has no value"), std::string::npos);
  EXPECT_NE(ErrorOf("halt_on_error=maybe").find("is not 0 or 1"), std::string::npos);
  EXPECT_NE(ErrorOf("exitcode=").find("is not a whole number"), std::string::npos);
  EXPECT_NE(ErrorOf("exitcode=-").find("is not a whole number"), std::string::npos);
  EXPECT_NE(ErrorOf("exitcode=1x").find("is not a whole number"), std::string::npos);
  EXPECT_NE(ErrorOf("log_path=" + std::string(256, 'x')).find("at most 255"), std::string::npos);
  EXPECT_NE(ErrorOf("log_path=" + std::string(5000, 'x')).find("at most 255"), std::string::npos);
  EXPECT_NE(ErrorOf("format=xml").find("is not text, json or tsan"), std::string::npos);
  EXPECT_EQ(ErrorOf("format=text"), "");
}

TEST(Flags, NumbersThatDoNotFitAreRefused) {
  EXPECT_EQ(ErrorOf("quarantine_mb=2147483647"), "");
  EXPECT_EQ(flags().quarantine_mb, 2147483647);
  for (const char* big : {"2147483648", "3000000000", "4294967296", "99999999999999999999999"}) {
    EXPECT_NE(ErrorOf(std::string("quarantine_mb=") + big).find("whole number"), std::string::npos)
        << big;
    EXPECT_EQ(flags().quarantine_mb, 2147483647);
  }
  EXPECT_EQ(ErrorOf("quarantine_mb=4"), "");
}

TEST(Flags, NumbersOutOfTheirRangeAreRefused) {
  // An exit code of 256 would be 0 for whoever waits: a finding without a trace.
  for (const char* code : {"256", "-1"}) {
    EXPECT_EQ(
        ErrorOf(std::string("exitcode=") + code),
        std::string("CSAN_OPTIONS: exitcode='") + code + "' is not a whole number from 0 to 255.");
    EXPECT_EQ(flags().exitcode, 66);
  }
  EXPECT_EQ(ErrorOf("exitcode=255:exitcode=0:exitcode=66"), "");
  EXPECT_NE(ErrorOf("quarantine_mb=-1").find("from 0 to 2147483647"), std::string::npos);
  EXPECT_NE(ErrorOf("slots=0").find("from 1 to 248"), std::string::npos);
  EXPECT_NE(ErrorOf("slots=249").find("from 1 to 248"), std::string::npos);
}

TEST(Flags, HelpListsEachOption) {
  static std::string all;
  PrintFlagHelp([](const char* line) { all += std::string(line) + "\n"; });
#define CSAN_FLAG(type, name, def, help) EXPECT_NE(all.find("  " #name " ("), std::string::npos);
#include "config/flags.inc"
#undef CSAN_FLAG
}

}  // namespace
}  // namespace csan
