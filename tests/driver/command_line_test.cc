// Golden command lines: what csan-clang makes of its arguments, rule by rule.
#include "command_line.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace csan::driver {
namespace {

using Args = std::vector<std::string>;

const Installation kWhere = {"P", "A", "S", "L", "I"};

bool Has(const Result& r, const std::string& arg) {
  return std::find(r.args.begin(), r.args.end(), arg) != r.args.end();
}

TEST(CommandLine, WithoutTheFlagIsForwardedAsItIs) {
  const Args args = {"-O2", "-c", "a.c", "-fsanitize=address", "-o", "a.o"};
  EXPECT_EQ(Rewrite(args, kWhere).args, args);
}

TEST(CommandLine, FrontEndCallsPassUntouched) {
  const Args args = {"-cc1", "-fsanitize=concurrency", "x"};
  EXPECT_EQ(Rewrite(args, kWhere).args, args);
}

TEST(CommandLine, CompilingAddsThePluginAndNoLinkInputs) {
  const Result r = Rewrite({"-fsanitize=concurrency", "-c", "a.c"}, kWhere);
  EXPECT_TRUE(Has(r, "-fpass-plugin=P"));
  EXPECT_TRUE(Has(r, "-gline-tables-only"));
  EXPECT_TRUE(Has(r, "-fPIE"));
  EXPECT_FALSE(Has(r, "-fsanitize=concurrency"));
  EXPECT_FALSE(Has(r, "-Wl,A"));
}

TEST(CommandLine, LibrariesFindThatTheyAreToAnnotateThemselves) {
  for (const char* how : {"-c", "-E"}) {
    const Result r = Rewrite({"-fsanitize=concurrency", how, "a.c"}, kWhere);
    // The front end then defines __SANITIZE_THREAD__ and has the feature thread_sanitizer.
    const auto at = std::find(r.args.begin(), r.args.end(), "-fsanitize=thread");
    ASSERT_NE(at, r.args.end());
    EXPECT_EQ(*(at - 1), "-Xclang");
    EXPECT_TRUE(Has(r, "-D__SANITIZE_CONCURRENCY__=1"));
  }
}

TEST(CommandLine, ModelsAreGivenToThePluginAndToTheDependencies) {
  const Args args = {"-fsanitize=concurrency", "-fsanitize-concurrency-model=a.yaml",
                     "-fsanitize-concurrency-model=b/c.yaml", "-c", "a.c"};
  const Result r = Rewrite(args, kWhere);
  const Args wanted = {"-Xclang",
                       "-load",
                       "-Xclang",
                       "P",
                       "-mllvm",
                       "-csan-model=a.yaml",
                       "-fdepfile-entry=a.yaml",
                       "-mllvm",
                       "-csan-model=b/c.yaml",
                       "-fdepfile-entry=b/c.yaml"};
  EXPECT_TRUE(std::search(r.args.begin(), r.args.end(), wanted.begin(), wanted.end()) !=
              r.args.end());
  EXPECT_EQ(r.models, (Args{"a.yaml", "b/c.yaml"}));
  EXPECT_FALSE(Has(r, args[1]));
}

TEST(CommandLine, ModelsAreDroppedWhereNothingIsChecked) {
  EXPECT_EQ(Rewrite({"-fsanitize-concurrency-model=a.yaml", "-c", "a.c"}, kWhere).args,
            (Args{"-c", "a.c"}));
}

TEST(CommandLine, LinkingAnExecutableAddsTheRuntimeAndPie) {
  const Result r = Rewrite({"-fsanitize=concurrency", "-no-pie", "a.o"}, kWhere);
  EXPECT_TRUE(Has(r, "-Wl,A"));
  EXPECT_TRUE(Has(r, "-Wl,--dynamic-list=L"));
  EXPECT_TRUE(std::find(r.args.begin(), r.args.end(), "-no-pie") <
              std::find(r.args.begin(), r.args.end(), "-pie"));
}

TEST(CommandLine, SharedLibrariesNameTheRuntimeOnlyUnderZDefs) {
  EXPECT_FALSE(Has(Rewrite({"-fsanitize=concurrency", "-shared", "a.o"}, kWhere), "-Wl,S"));
  EXPECT_TRUE(
      Has(Rewrite({"-fsanitize=concurrency", "-shared", "-Wl,-z,defs", "a.o"}, kWhere), "-Wl,S"));
}

TEST(CommandLine, EveryWayToForbidUndefinedSymbolsCounts) {
  for (const Args& way : {Args{"-Wl,-zdefs"}, Args{"-z", "defs"}, Args{"-Wl,--no-undefined"},
                          Args{"-Xlinker", "-z", "-Xlinker", "defs"}}) {
    Args args = {"-fsanitize=concurrency", "-shared", "a.o"};
    args.insert(args.end(), way.begin(), way.end());
    EXPECT_TRUE(Has(Rewrite(args, kWhere), "-Wl,S")) << way.back();
  }
}

TEST(CommandLine, ProgramsThatWouldHideTheArchiveGetTheSharedRuntimeInFront) {
  for (const char* why : {"-Wl,--version-script=v", "-Wl,-version-script,v",
                          "-Wl,--exclude-libs,ALL", "-fsanitize=fuzzer"}) {
    const Result r = Rewrite({"-fsanitize=concurrency", why, "a.o"}, kWhere);
    EXPECT_FALSE(Has(r, "-Wl,A")) << why;
    EXPECT_TRUE(std::find(r.args.begin(), r.args.end(), "-Wl,S") <
                std::find(r.args.begin(), r.args.end(), "a.o"))
        << why;
  }
  EXPECT_FALSE(
      Has(Rewrite({"-fsanitize=concurrency", "-shared", "-Wl,--version-script=v", "a.o"}, kWhere),
          "-Wl,S"));
}

TEST(CommandLine, PrecompilingAHeaderLinksNothing) {
  for (const Args& args : {Args{"a.h", "-o", "a.pch"}, Args{"-x", "c++-header", "a", "-o", "a.pch"},
                           Args{"--precompile", "a.cppm"}, Args{"--analyze", "a.c"}}) {
    Args all = {"-fsanitize=concurrency"};
    all.insert(all.end(), args.begin(), args.end());
    EXPECT_FALSE(Has(Rewrite(all, kWhere), "-Wl,A")) << args.back();
  }
  EXPECT_TRUE(
      Has(Rewrite({"-fsanitize=concurrency", "-x", "c++", "a.h", "-o", "a"}, kWhere), "-Wl,A"));
}

TEST(CommandLine, OnlyALinkListsWhatIsNotInstrumented) {
  const std::string list = "-fsanitize-concurrency-report-uninstrumented";
  EXPECT_TRUE(Rewrite({"-fsanitize=concurrency", list, "a.o"}, kWhere).lists);
  EXPECT_FALSE(Rewrite({"-fsanitize=concurrency", list, "-c", "a.c"}, kWhere).lists);
  EXPECT_EQ(Rewrite({list, "a.o"}, kWhere).args, (Args{"a.o"}));
}

TEST(CommandLine, WrittenBitcodeWillBeOptimisedAgain) {
  EXPECT_TRUE(Has(Rewrite({"-fsanitize=concurrency", "-emit-llvm", "-c", "a.c"}, kWhere),
                  "-csan-writes-bitcode"));
  EXPECT_FALSE(
      Has(Rewrite({"-fsanitize=concurrency", "-c", "a.c"}, kWhere), "-csan-writes-bitcode"));
}

TEST(CommandLine, PreprocessingNeedsNoPlugin) {
  const Result r = Rewrite({"-fsanitize=concurrency", "-E", "a.c"}, kWhere);
  EXPECT_TRUE(r.needed.empty());
  EXPECT_FALSE(Has(r, "-fpass-plugin=P"));
}

TEST(CommandLine, OthersInTheListAreForwarded) {
  const Result r = Rewrite({"-fsanitize=undefined,concurrency", "-c", "a.c"}, kWhere);
  EXPECT_TRUE(Has(r, "-fsanitize=undefined"));
  EXPECT_TRUE(Has(r, "-fpass-plugin=P"));
}

TEST(CommandLine, TheLastFlagWins) {
  const Args args = {"-fsanitize=concurrency", "-fno-sanitize=concurrency", "-c", "a.c"};
  EXPECT_EQ(Rewrite(args, kWhere).args, (Args{"-c", "a.c"}));
}

TEST(CommandLine, RivalsAreRefusedInClangsWords) {
  const Result r = Rewrite({"-fsanitize=address,concurrency", "a.c"}, kWhere);
  EXPECT_FALSE(r.ok);
  EXPECT_EQ(r.error,
            "invalid argument '-fsanitize=concurrency' not allowed with '-fsanitize=address'");
  EXPECT_FALSE(Rewrite({"-fsanitize=concurrency", "-static", "a.c"}, kWhere).ok);
}

TEST(CommandLine, TargetsWithoutARuntimeAreRefusedByName) {
  const auto error = [](Args args) {
    args.insert(args.end(), {"-fsanitize=concurrency", "-c", "a.c"});
    return Rewrite(args, kWhere).error;
  };
  const std::string unsupported = "unsupported option '-fsanitize=concurrency' for target ";
  EXPECT_EQ(error({"-m32"}), unsupported + "'i386-pc-linux-gnu'");
  EXPECT_EQ(error({"-mx32"}), unsupported + "'x86_64-pc-linux-gnux32'");
  EXPECT_EQ(error({"--target=aarch64-linux-gnu"}), unsupported + "'aarch64-unknown-linux-gnu'");
  EXPECT_EQ(error({"-target", "x86_64-apple-darwin"}), unsupported + "'x86_64-apple-darwin'");
  EXPECT_EQ(error({"--target=x86_64-linux-gnu"}), "");
  EXPECT_EQ(error({"--target=i386-linux-gnu", "-m64"}), "");
  EXPECT_EQ(error({"-m32", "-m64"}), "");
}

TEST(CommandLine, UnknownDetectorsAreRefused) {
  const Result r =
      Rewrite({"-fsanitize=concurrency", "-fsanitize-concurrency=rase", "a.c"}, kWhere);
  EXPECT_FALSE(r.ok);
  EXPECT_EQ(r.error, "unsupported argument 'rase' to option '-fsanitize-concurrency='");
}

TEST(CommandLine, QueriesAreLeftAlone) {
  EXPECT_EQ(Rewrite({"-fsanitize=concurrency", "--version"}, kWhere).args, (Args{"--version"}));
}

}  // namespace
}  // namespace csan::driver
