#!/bin/sh
# Makes the functions of a table weak in the archive.
#   weaken.sh ARCHIVE TABLE LLVM_BIN
set -eu
archive=$1 table=$2 llvm=$3
names=$(mktemp)
trap 'rm -f "$names"' EXIT
sed -n 's/^CSAN_INTERCEPTOR(\([A-Za-z0-9_]*\),.*/\1/p' "$table" >"$names"
"$llvm/llvm-objcopy" --weaken-symbols="$names" "$archive"
