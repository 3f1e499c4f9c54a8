// Sentences on standard error, and ends of the process that begin with one.
#include "platform/platform.h"

#include "base/check.h"
#include "base/format.h"

namespace csan {

void Say(const char* sentence) {
  Line<1024> text;
  text.Str("CSan: ").Str(sentence).Put('\n');
  WriteFd(2, text.data(), text.size());
}

void Die(const char* sentence, int code) {
  Say(sentence);
  ExitNow(code);
}

void DieWithoutAddressSpace(const char* what) {
  Line<256> text;
  text.Str("no address space for ").Str(what);
  text.Str(
      ": CSan needs 31 TiB of addresses, though not of memory; lift 'ulimit -v' and 'ulimit -d' "
      "and set vm.overcommit_memory to 0 or 1.");
  Die(text.data());
}

void CheckFailed(const char* file, int line, const char* condition) {
  Line<512> text;
  text.Str("internal error at ").Str(file).Put(':').Dec(static_cast<u64>(line));
  text.Str(": ").Str(condition).Str(" does not hold. Please report it.");
  Die(text.data());
}

}  // namespace csan
