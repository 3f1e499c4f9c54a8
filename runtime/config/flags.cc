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

struct Range {
  int least, most;
};
Range RangeOf(const char* key) {
#define CSAN_FLAG(type, name, def, help)
#define CSAN_FLAG_RANGE(name, least, most) \
  if (StrEq(key, #name)) return {least, most};
#include "config/flags.inc"
#undef CSAN_FLAG
  return {-0x7FFFFFFF, 0x7FFFFFFF};
}
bool Fits(const char*, const bool&) { return true; }
bool Fits(const char*, const FlagString&) { return true; }
bool Fits(const char* key, int value) {
  const Range range = RangeOf(key);
  return value >= range.least && value <= range.most;
}

void PutWanted(Text* text, const char*, const bool&) { text->Str("0 or 1"); }
void PutWanted(Text* text, const char*, const FlagString&) { text->Str("at most 255 characters"); }
void PutWanted(Text* text, const char* key, int) {
  const Range range = RangeOf(key);
  text->Str("a whole number");
  if (range.least < 0) return;
  text->Str(" from ").Dec(static_cast<u64>(range.least));
  text->Str(" to ").Dec(static_cast<u64>(range.most));
}

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
    auto read = the_flags.name;                                 \
    if (Parse(value, &read) && Fits(key, read)) {               \
      the_flags.name = read;                                    \
      return true;                                              \
    }                                                           \
    Text text(error, size);                                     \
    text.Str("CSAN_OPTIONS: " #name "='").Str(value);           \
    text.Str("' is not ");                                      \
    PutWanted(&text, key, read);                                \
    text.Put('.');                                              \
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
  if (nearest != nullptr) text.Str("; did you mean '").Str(nearest).Str("'?");
  text.Str(nearest != nullptr ? " help=1 lists them." : "; help=1 lists them.");
  return false;
}

bool KnownFormat(const char* f) { return StrEq(f, "text") || StrEq(f, "json") || StrEq(f, "tsan"); }

}  // namespace

const Flags& flags() {
  SetDefaults();
  return the_flags;
}

namespace {

bool Parse(const char* s, bool foreign, char* error, uptr size) {
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
    if (!SetOne(key, value, error, size) && !foreign) return false;
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

}  // namespace

bool ParseFlags(const char* s, char* error, uptr size) { return Parse(s, false, error, size); }

void ParseForeignFlags(const char* s) {
  char error[600];
  Parse(s, true, error, sizeof(error));
}

void PrintFlagHelp(void (*print)(const char* line)) {
  print("Options in CSAN_OPTIONS, as key=value separated by ':':");
#define CSAN_FLAG(type, name, def, help) print("  " #name " (" #type ", default " #def "): " help);
#include "config/flags.inc"
#undef CSAN_FLAG
}

}  // namespace csan
