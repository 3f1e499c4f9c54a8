#include "config/suppressions.h"

#include "base/format.h"
#include "base/string.h"
#include "platform/platform.h"

namespace csan {
namespace {

constexpr u32 kMax = 4096;
constinit Suppression* list = nullptr;
constinit u32 count = 0;

constexpr const char* kTypes[] = {
    "race",   "race_top",        "deadlock",           "mutex",
    "thread", "channel",         "goroutine",          "coroutine",
    "signal", "called_from_lib", "possible-inversion", "use-after-free"};

bool AddLine(char* line, const char* path, u32 number, char* error, uptr size) {
  while (*line == ' ' || *line == '\t') line++;
  uptr n = StrLen(line);
  while (n > 0 && (line[n - 1] == ' ' || line[n - 1] == '\t' || line[n - 1] == '\r')) line[--n] = 0;
  if (n == 0 || *line == '#') return true;
  Text text(error, size);
  text.Str(path).Put(':').Dec(number).Str(": ");
  char* colon = line;
  while (*colon != 0 && *colon != ':') colon++;
  if (*colon == 0 || colon[1] == 0) {
    text.Str("'").Str(line).Str("' is not of the form type:template.");
    return false;
  }
  *colon = 0;
  bool known = false;
  for (const char* type : kTypes) known = known || StrEq(type, line);
  if (!known) {
    text.Str("unknown suppression type '").Str(line).Str("'; types are");
    for (const char* type : kTypes) text.Put(' ').Str(type);
    text.Put('.');
    return false;
  }
  if (count == kMax || StrLen(colon + 1) >= sizeof(Suppression::pattern)) {
    text.Str(count == kMax ? "more than 4096 suppressions." : "the template is too long.");
    return false;
  }
  if (list == nullptr) {
    list = static_cast<Suppression*>(MapMemory(sizeof(Suppression) * kMax, "suppressions"));
  }
  StrCopy(list[count].type, line, sizeof(list[count].type));
  StrCopy(list[count].pattern, colon + 1, sizeof(list[count].pattern));
  count++;
  error[0] = 0;
  return true;
}

}  // namespace

bool ParseSuppressions(const char* s, const char* name, char* error, uptr size) {
  char line[512];
  for (u32 number = 1; *s != 0; number++) {
    uptr n = 0;
    for (; *s != 0 && *s != '\n'; s++) {
      if (n + 1 < sizeof(line)) line[n++] = *s;
    }
    if (*s == '\n') s++;
    line[n] = 0;
    if (!AddLine(line, name, number, error, size)) return false;
  }
  return true;
}

bool ReadSuppressions(const char* path, char* error, uptr size) {
  const int fd = OpenRead(path);
  if (fd < 0) {
    Text(error, size).Str("cannot read the suppressions file '").Str(path).Str("'.");
    return false;
  }
  char line[512];
  uptr n = 0;
  u32 number = 1;
  bool ok = true;
  char c;
  sptr got = 0;
  while (ok && (got = ReadFd(fd, &c, 1)) == 1) {
    if (static_cast<u8>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') {
      Text(error, size).Str(path).Put(':').Dec(number).Str(": this is not text.");
      ok = false;
    } else if (c != '\n') {
      if (n + 1 < sizeof(line)) line[n++] = c;
    } else {
      line[n] = 0;
      ok = AddLine(line, path, number++, error, size);
      n = 0;
    }
  }
  if (ok && got < 0) {
    Text(error, size).Str("cannot read the suppressions file '").Str(path).Str("'.");
    ok = false;
  }
  line[n] = 0;
  ok = ok && AddLine(line, path, number, error, size);
  CloseFd(fd);
  return ok;
}

Suppression* MatchSuppression(const char* type, const char* text) {
  for (u32 i = 0; i < count; i++) {
    if (StrEq(list[i].type, type) && TemplateMatch(list[i].pattern, text)) {
      __atomic_fetch_add(&list[i].matches, 1, __ATOMIC_RELAXED);
      return &list[i];
    }
  }
  return nullptr;
}

u32 SuppressionCount() { return count; }
const Suppression& SuppressionAt(u32 i) { return list[i]; }

}  // namespace csan
