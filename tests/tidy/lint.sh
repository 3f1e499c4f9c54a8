#!/bin/sh
# Runs clang-tidy with the rules of .clang-tidy. usage: lint.sh ROOT BUILD
set -eu
cd "$1"
find runtime llvm-pass tools \( -name '*.cc' -o -name '*.cpp' \) -print0 |
  xargs -0 -P "$(nproc)" -n 4 clang-tidy-22 -p "$2" --quiet 2>/dev/null
echo "nothing found"
