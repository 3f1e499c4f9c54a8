#!/bin/sh
# From the runtime archive: the list of symbols that programs export, and the runtime as a shared library,
# for programs that are not instrumented themselves and for libraries linked with -z defs.
#   interface.sh ARCHIVE DYNAMIC_LIST SHARED CC LLVM_BIN
set -eu
archive=$1 list=$2 shared=$3 cc=$4 llvm=$5
mkdir -p "$(dirname "$list")" "$(dirname "$shared")"
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
# Its undefined symbols are the C library's; lld, because others refuse .preinit_array, which is idle here.
"$cc" -shared -fuse-ld=lld -Wl,-soname,libclang_rt.concurrency-x86_64.so -Wl,-init,csan_start_shared \
  -Wl,-z,now -Wl,-z,defs -Wl,--whole-archive "$archive" -Wl,--no-whole-archive -ldl -lpthread -o "$shared"
