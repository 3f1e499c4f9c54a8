#!/bin/sh
# From the runtime archive: the list of symbols that programs export, and a stub library that defines
# them for shared libraries linked with -z defs.
#   interface.sh ARCHIVE DYNAMIC_LIST STUB CC LLVM_BIN
set -eu
archive=$1 list=$2 stub=$3 cc=$4 llvm=$5
mkdir -p "$(dirname "$list")" "$(dirname "$stub")"
# All code of the runtime is in its section (base/section.h), or a signal would not know it.
if "$llvm/llvm-readelf" --sections --wide "$archive" | grep ' AX' | grep -v ' csan_text ' >&2; then
  echo "code outside of csan_text" >&2
  exit 1
fi
# Hidden symbols do not survive a link, so a shared link shows what is really visible.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$llvm/llvm-readelf" --symbols --wide "$archive" |
  awk '$5 != "LOCAL" && $6 == "DEFAULT" && $7 != "UND" && $8 != "" {print $8}' | sort -u >"$work/names"
{
  echo '{'
  sed 's/$/;/' "$work/names"
  echo '};'
} >"$list"
{
  echo '.text'
  while read -r name; do
    printf '.globl %s\n.type %s,@function\n%s:\n' "$name" "$name" "$name"
  done <"$work/names"
  echo '.section .note.GNU-stack,"",@progbits'
} >"$work/stub.s"
"$cc" -shared -nostdlib -Wl,-soname,libclang_rt.concurrency-x86_64.so -o "$stub" "$work/stub.s"
