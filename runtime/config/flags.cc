#include "config/flags.h"

#include "base/format.h"
#include "base/string.h"

namespace csan {
namespace {

constinit Flags the_flags = {};
constinit bool defaults_set = false;

void Set(bool* flag, bool value) { *flag = value; }
void Set(int* flag, int value) { *flag = value; }
void Set(FlagString* flag, const char* value) { StrCopy(flag->text, value, sizeof(flag->text)); }

bool Parse(const char* value, bool* flag) {
  if (StrEq(value, "1") || StrEq(value, "true") || StrEq(value, "yes")) return *flag = true;
  if (StrEq(value, "0") || StrEq(value, "false") || StrEq(value, "no")) {
    *flag = false;
    return true;
  }
  return false;
}
bool Parse(const char* value, int* flag) {
  const bool negative = *value == '-';
  if (negative) value++;
  if (*value == 0) return false;
  i64 number = 0;
  for (; *value != 0; value++) {
    if (*value < '0' || *value > '9') return false;
    number = number * 10 + (*value - '0');
    if (number > 0x7FFFFFFF) return false;
  }
  *flag = static_cast<int>(negative ? -number : number);
  return true;
}
bool Parse(const char* value, FlagString* flag) {
  if (StrLen(value) >= sizeof(flag->text)) return false;
  Set(flag, value);
  return true;
}

const char* Wanted(const bool*) { return "0 or 1"; }
const char* Wanted(const int*) { return "a whole number"; }
const char* Wanted(const FlagString*) { return "at most 255 characters"; }

void SetDefaults() {
  if (defaults_set) return;
  defaults_set = true;
#define CSAN_FLAG(type, name, def, help) Set(&the_flags.name, def);
#include "config/flags.inc"
#undef CSAN_FLAG
}

bool IsSeparator(char c) { return c == ':' || c == ',' || c == ' ' || c == '\t' || c == '\n'; }

bool SetOne(const char* key, const char* value, char* error, uptr size) {
  const char* nearest = nullptr;
  u32 nearest_distance = 4;
#define CSAN_FLAG(type, name, def, help)                        \
  if (StrEq(key, #name)) {                                      \
    if (Parse(value, &the_flags.name)) return true;             \
    Text(error, size)                                           \
        .Str("CSAN_OPTIONS: " #name "='")                       \
        .Str(value)                                             \
        .Str("' is not ")                                       \
        .Str(Wanted(&the_flags.name))                           \
        .Put('.');                                              \
    return false;                                               \
  }                                                             \
  if (u32 d = EditDistance(key, #name); d < nearest_distance) { \
    nearest_distance = d;                                       \
    nearest = #name;                                            \
  }
#include "config/flags.inc"
#undef CSAN_FLAG
  Text text(error, size);
  text.Str("CSAN_OPTIONS: there is no option '").Str(key).Put('\'');
  if (nearest != nullptr) text.Str("; did you mean '").Str(nearest).Put('\'');
  text.Str("? help=1 lists them.");
  return false;
}

bool KnownFormat(const char* f) { return StrEq(f, "text") || StrEq(f, "json") || StrEq(f, "tsan"); }

}  // namespace

const Flags& flags() {
  SetDefaults();
  return the_flags;
}

bool ParseFlags(const char* s, char* error, uptr size) {
  SetDefaults();
  if (s == nullptr) return true;
  while (*s != 0) {
    if (IsSeparator(*s)) {
      s++;
      continue;
    }
    char key[64];
    char value[260];
    uptr n = 0;
    for (; *s != 0 && *s != '=' && !IsSeparator(*s); s++) {
      if (n + 1 < sizeof(key)) key[n++] = *s;
    }
    key[n] = 0;
    n = 0;
    if (*s != '=') {
      Text(error, size)
          .Str("CSAN_OPTIONS: '")
          .Str(key)
          .Str("' has no value; write ")
          .Str(key)
          .Str("=VALUE.");
      return false;
    }
    s++;
    const char quote = *s == '\'' || *s == '"' ? *s++ : '\0';
    for (; *s != 0 && (quote != 0 ? *s != quote : !IsSeparator(*s)); s++) {
      if (n + 1 < sizeof(value)) value[n++] = *s;
    }
    if (quote != 0 && *s == quote) s++;
    value[n] = 0;
    if (!SetOne(key, value, error, size)) return false;
  }
  if (!KnownFormat(the_flags.format.text)) {
    Text(error, size)
        .Str("CSAN_OPTIONS: format='")
        .Str(the_flags.format.text)
        .Str("' is not text, json or tsan.");
    return false;
  }
  return true;
}

void PrintFlagHelp(void (*print)(const char* line)) {
  print("Options in CSAN_OPTIONS, as key=value separated by ':':");
#define CSAN_FLAG(type, name, def, help) print("  " #name " (" #type ", default " #def "): " help);
#include "config/flags.inc"
#undef CSAN_FLAG
}

}  // namespace csan
