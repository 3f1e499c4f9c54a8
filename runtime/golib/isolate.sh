#!/bin/sh
# Makes an archive of objects whose copies of the C++ library's templates and of inline functions are its own.
# A linker keeps one copy of such a function: without this an instrumented program could get one that no
# sanitizer sees for its own strings, or the library one that is instrumented.
#   isolate.sh ARCHIVE LLVM_BIN OBJECT...
set -eu
archive=$1 llvm=$2
shift 2
mkdir -p "$(dirname "$archive")"
# GNU ld, for --force-group-allocation: what is in no group cannot be exchanged for another's.
ld -r --force-group-allocation -o "$archive.o" "$@"
"$llvm/llvm-nm" --extern-only --defined-only "$archive.o" |
  awk '$2 ~ /^[TDBR]$/ && $3 ~ /4csan/ {print $3}' >"$archive.names"
"$llvm/llvm-objcopy" --keep-global-symbols="$archive.names" "$archive.o"
rm -f "$archive"
"$llvm/llvm-ar" rcsD "$archive" "$archive.o"
rm "$archive.o" "$archive.names"
