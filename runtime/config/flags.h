// The options of the runtime: one struct, filled once at start from CSAN_OPTIONS.
#pragma once

#include "base/types.h"

namespace csan {

using FlagBool = bool;
struct FlagString {
  char text[256];
};

struct Flags {
#define CSAN_TYPE_bool bool
#define CSAN_TYPE_int int
#define CSAN_TYPE_string FlagString
#define CSAN_FLAG(type, name, def, help) CSAN_TYPE_##type name;
#include "config/flags.inc"
#undef CSAN_FLAG
};

const Flags& flags();

// Reads "key=value:key=value" (':', ',', blanks separate; values may be quoted). On the first mistake
// returns false with one sentence in `error`; what came before holds. Null is an empty string.
bool ParseFlags(const char* text, char* error, uptr error_size);
// Takes what is an option of ours out of text that was written for ThreadSanitizer.
void ParseForeignFlags(const char* text);
// The table of options with values in force.
void PrintFlagHelp(void (*print)(const char* line));

}  // namespace csan
