#!/bin/sh
# Whether sources are laid out as .clang-format says. usage: format.sh ROOT [--fix]
# Left out: programs under test, which are laid out by what they test.
set -eu
cd "$1"
mode="--dry-run -Werror"
[ "${2:-}" = --fix ] && mode=-i
find runtime llvm-pass tools tests/unit tests/driver tests/bench tests/stress tests/records \
  tests/report tests/fuzz tests/layout tests/golib \
  \( -name '*.cc' -o -name '*.cpp' -o -name '*.h' \) -print0 |
  xargs -0 clang-format-22 $mode
echo "laid out"
