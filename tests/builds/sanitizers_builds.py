"""Beside other sanitizers: UBSan and libFuzzer work, and what is switched off again does not count."""
import project

MAIN = """#include "order.h"
int value;
volatile int large = 0x7fffffff;
int main() {
  InTurn([] { value = 1; }, [] { if (BUG) value = 2; });  // RACE
  int sum = large;
  sum += OVERFLOW;
  return sum == 5;
}
"""
FUZZED = """#include <cstddef>
#include <cstdint>
#include <cstring>
#include "order.h"
int value;
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size >= 4 && std::memcmp(data, "race", 4) == 0) {
    InTurn([] { value = 1; }, [] { if (BUG) value = 2; });  // RACE
  }
  return 0;
}
"""


def test_undefined(p):
    p.write("main.cpp", MAIN)
    for flag in ("-fsanitize=undefined,concurrency", "-fsanitize=concurrency,undefined",
                 "-fsanitize=undefined -fsanitize=concurrency"):
        for bug, overflow in ((0, 0), (0, 1), (1, 1)):
            p.quiet("csan-clang++", *flag.split(), "-g", project.ORDER, f"-DBUG={bug}",
                    f"-DOVERFLOW={overflow}", "main.cpp", "-o", "program")
            done = p.run("./program", code=66 if bug else 0)
            assert ("CSan: data race" in done.stderr) == bool(bug), done.stderr
            assert ("signed integer overflow" in done.stderr) == bool(overflow), done.stderr


def test_switched_off_again(p):
    p.write("main.cpp", MAIN)
    both = ("-g", project.ORDER, "-DBUG=1", "-DOVERFLOW=1", "main.cpp", "-o", "program")
    for flags, race, overflow in ((["-fsanitize=concurrency,undefined", "-fno-sanitize=undefined"], 1, 0),
                                  (["-fsanitize=concurrency,undefined", "-fno-sanitize=concurrency"], 0, 1),
                                  (["-fno-sanitize=concurrency", "-fsanitize=concurrency"], 1, 0),
                                  (["-fsanitize=undefined,concurrency", "-fno-sanitize=all"], 0, 0),
                                  (["-fsanitize=concurrency", "-fno-sanitize=concurrency,undefined"], 0, 0),
                                  (["-fsanitize=address,concurrency", "-fno-sanitize=address"], 1, 0)):
        p.quiet("csan-clang++", *flags, *both)
        done = p.run("./program", code=66 if race else 0)
        assert ("CSan: data race" in done.stderr) == bool(race), (flags, done.stderr)
        assert ("signed integer overflow" in done.stderr) == bool(overflow), (flags, done.stderr)


def test_fuzzer(p):
    p.write("fuzzed.cpp", FUZZED)
    p.write("corpus/racy", "race")
    for bug in (1, 0):
        p.quiet("csan-clang++", "-fsanitize=fuzzer,concurrency", "-g", "-O1", project.ORDER, f"-DBUG={bug}",
                "fuzzed.cpp", "-o", "fuzzer")
        done = p.run("./fuzzer", "corpus/racy", code=66 if bug else 0)
        assert ("CSan: data race" in done.stderr) == bool(bug), done.stderr
        done = p.run("./fuzzer", "-runs=3000", "-seed=1", "-max_len=8", "corpus", code=66 if bug else 0)
        assert ("CSan: data race" in done.stderr) == bool(bug), done.stderr
